// One lesson before a station's screen: what ran on is kept here at once and sent when there is a network.
import { outbox } from "../study/outbox.js";
import { Page } from "../study/page.js";
import { count, join, subtract } from "../study/ranges.js";

const KIND = "viewing_played";
const KEEP_EVERY = 10000;
const REPORT_EVERY = 30000;

export class Showing {
  // `source` is a film's player: seconds(), resume(place, speed).
  constructor(root, source) {
    const { showing, token, seconds, need, speed, ranges } = root.dataset;
    this.viewing = Number(showing);
    this.token = token;
    this.length = Number(seconds);
    this.need = Number(need);
    this.speed = Number(speed);
    this.source = source;
    this.page = new Page(root);
    this.covered = JSON.parse(ranges);
    this.key = `played.${this.viewing}.${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
    this.written = "";
    this.reportedAt = Date.now();
  }

  open() {
    outbox.on(KIND, (entry, answer) => this.answered(entry, answer));
    outbox.onFailure(() => this.page.marks.waiting());
    const last = this.covered[this.covered.length - 1];
    this.source.resume(last ? last[1] : 0, this.speed);
    setInterval(() => this.tick(), KEEP_EVERY);
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.leave());
    window.addEventListener("pagehide", () => this.leave());
    this.show();
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
    const entry = { kind: KIND, key: this.key, token: this.token, body, about: { viewing: this.viewing } };
    this.page.marks.savedHere(await outbox.add(entry));
  }

  async report() {
    this.reportedAt = Date.now();
    await this.keep();
    outbox.send();
  }

  tick() {
    if (Date.now() - this.reportedAt >= REPORT_EVERY) this.report();
    else this.keep();
  }

  // The page may be gone after this: first the device, then the server.
  leave() {
    this.keep();
    const body = this.body();
    if (body.segments.length) outbox.leave({ kind: KIND, token: this.token, body });
  }

  // Something was played: show it, and tell the server at once when it is enough.
  moved() {
    this.show();
    if (!this.isTold && count(this.all()) >= this.need) {
      this.isTold = true;
      this.report();
    }
  }

  all() {
    return join(this.covered, this.source.seconds());
  }

  show() {
    this.page.progress(this.all(), this.length, this.need);
  }

  answered(entry, answer) {
    if (!entry.about || entry.about.viewing !== this.viewing || answer.error) return;
    this.covered = answer.ranges;
    this.page.marks.savedThere();
    this.show();
    // What the server's clock could not pay yet is offered again when it can.
    if (answer.unpaid && !answer.over) setTimeout(() => this.offerAgain(), Math.min(REPORT_EVERY, answer.unpaid * 1000 + 500));
  }

  offerAgain() {
    this.written = "";
    this.report();
  }
}
