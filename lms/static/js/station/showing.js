// One lesson before a station's screen: what ran on is kept here at once and sent when there is a network.
import { outbox } from "../study/outbox.js";
import { join, subtract } from "../study/ranges.js";
import { Recorder } from "../study/recorder.js";

export class Showing extends Recorder {
  // `source` is a film's player: seconds(), resume(place, speed).
  constructor(root, source) {
    const { showing, token, seconds, need, speed, ranges } = root.dataset;
    super(root, source, "viewing_played", `played.${showing}`);
    this.viewing = Number(showing);
    this.signed = token;
    this.length = Number(seconds);
    this.need = Number(need);
    this.speed = Number(speed);
    this.covered = JSON.parse(ranges);
  }

  open() {
    this.listen();
    const last = this.covered[this.covered.length - 1];
    this.source.resume(last ? last[1] : 0, this.speed);
    this.watch();
    this.show();
  }

  token() {
    return this.signed;
  }

  // All that ran on this page and that the server does not hold.
  body() {
    return { segments: subtract(this.source.seconds(), this.covered) };
  }

  async keep() {
    const body = this.body();
    const written = JSON.stringify(body);
    if (written === this.written || !body.segments.length) return;
    this.written = written;
    const entry = { kind: this.kind, key: this.key, token: this.signed, body, about: { viewing: this.viewing } };
    this.page.marks.savedHere(await outbox.add(entry));
  }

  all() {
    return join(this.covered, this.source.seconds());
  }

  answered(entry, answer) {
    if (!entry.about || entry.about.viewing !== this.viewing || answer.error) return;
    this.covered = answer.ranges;
    this.page.marks.savedThere();
    this.show();
    if (answer.unpaid && !answer.over) this.offerAgainAfter(answer.unpaid);
  }
}
