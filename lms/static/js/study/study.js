// One lesson being studied on one page: what was played, what the phone keeps, what the server holds.
import { outbox } from "./outbox.js";
import { join, subtract } from "./ranges.js";
import { Recorder } from "./recorder.js";
import { addRest, forgetRest, isTooOld, restOf } from "./rests.js";
import { lastPerson, rememberPerson, store } from "./store.js";

const RETRY_STATE = 8000;
// A network that has not answered by then is not waited for where the phone knows the lesson itself.
const PATIENCE = 4000;

export class Study extends Recorder {
  // `source` is a film's player or a reader: seconds(), position(), resume(place, speed, covered).
  constructor(root, source) {
    super(root, source, "segments", "segments");
    this.address = root.dataset.study;
    this.lesson = Number(root.dataset.lesson);
    this.length = Number(root.dataset.seconds);
    this.need = Number(root.dataset.need);
    this.version = Number(root.dataset.version);
    // What this phone played earlier and the server may not hold yet; what is offered again.
    this.earlier = [];
    this.offered = [];
  }

  async open() {
    this.listen();
    // Whoever studies while the network and the phone's memory take their time may leave meanwhile.
    this.watch();
    const known = await store.get("states", this.lesson).catch(() => null);
    const fresh = this.renew(known);
    await (known ? Promise.race([fresh, pause(PATIENCE)]) : fresh);
    if (known && !this.state && !this.isSignedOut) {
      this.take(known.state, known);
      await this.begin(known.position);
    }
  }

  token() {
    return this.state && this.state.token;
  }

  // A fresh token and what the server holds; tried again until it comes.
  async renew(known) {
    try {
      const response = await fetch(this.address, { credentials: "same-origin", headers: { Accept: "application/json" } });
      this.isSignedOut = response.status === 401;
      if (this.isSignedOut) {
        this.page.signedOut();
        return;
      }
      if (!response.ok) throw new Error(String(response.status));
      const state = await response.json();
      this.take(state, known);
      // What this phone played last and has not sent is newer than what the server knows.
      await this.begin(subtract(this.earlier, state.ranges).length ? known.position : state.position);
    } catch (error) {
      this.page.marks.waiting();
      setTimeout(() => this.renew(known), RETRY_STATE);
    }
  }

  // What the server says, or said when the page was last open; `known` is what the phone adds to it.
  take(state, known) {
    const isSame = known && ["person", "version", "cycle"].every((name) => known.state[name] === state[name]);
    this.state = state;
    rememberPerson(state.person);
    if (isSame) this.earlier = join(this.earlier, known.played);
    this.hold(state);
    this.page.result(state);
  }

  // Once, when a state is there: stand where one stopped, and offer again what no clock has paid yet.
  async begin(position) {
    if (!this.hasBegun) {
      this.hasBegun = true;
      this.source.resume(position, this.state.speed, join(this.covered, this.earlier));
    }
    this.offered = join(this.offered, await restOf(this.about()));
    // What was written before this state was there lay with the rest, and goes to the outbox now.
    this.written = "";
    this.show();
    this.report();
  }

  about() {
    const { person, version } = this.state;
    return { person, version, lesson: this.lesson };
  }

  // A page that has never had an answer: what is played waits for the time when the lesson opens properly.
  async keepWithoutToken(segments) {
    const person = await lastPerson();
    if (person) this.page.marks.savedHere(await addRest({ person, version: this.version, lesson: this.lesson }, segments));
  }

  // What the server holds from now on.
  hold(answer) {
    Object.assign(this.state, { ranges: answer.ranges, position: answer.position });
    this.covered = answer.ranges;
    this.need = answer.need;
    this.isFinished = answer.finished;
    this.show();
  }

  // All that was played here and that the server does not hold.
  body() {
    const segments = subtract(join(this.source.seconds(), this.offered), this.covered);
    return { segments, position: Math.min(this.length, Math.floor(this.source.position())) };
  }

  // Keep on the phone what is new since the last time.
  async keep() {
    const body = this.body();
    const written = JSON.stringify(body);
    if (written === this.written || !(body.segments.length || this.hasMoved(body))) return;
    this.written = written;
    if (!this.state) {
      await this.keepWithoutToken(body.segments);
      return;
    }
    const entry = { kind: "segments", key: this.key, token: this.state.token, body, about: this.about() };
    const isKept = await outbox.add(entry);
    this.page.marks.savedHere(isKept);
    if (isKept && this.offered.length) await forgetRest(entry.about, this.offered);
    await this.remember(body.position);
  }

  hasMoved(body) {
    return this.state && body.position !== this.state.position && this.source.seconds().length > 0;
  }

  // What the page needs to open without a network.
  remember(position) {
    const played = subtract(this.all(), this.covered);
    return store.put("states", { lesson: this.lesson, state: this.state, played, position }).catch(() => {});
  }

  async beforeSending() {
    if (this.state && !this.written) await this.remember(this.state.position);
  }

  all() {
    return [this.earlier, this.source.seconds(), this.offered].reduce(join, this.covered);
  }

  // An answer about another lesson, or about an earlier version of this one, changes nothing on this page.
  answered(entry, answer) {
    if (!this.state || !entry.about || entry.about.lesson !== this.lesson || entry.about.person !== this.state.person) return;
    if (isTooOld(answer)) {
      this.written = "";
      this.renew(null);
    }
    if (answer.error || answer.version !== this.state.version || answer.cycle !== this.state.cycle) return;
    this.page.marks.savedThere();
    this.hold(answer);
    this.page.result(answer);
    this.remember(this.body().position);
    if (answer.unpaid) this.offerAgainAfter(answer.unpaid);
  }
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
