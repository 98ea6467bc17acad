// One lesson being studied on one page: what was played, what the phone keeps, what the server holds.
import { Page } from "./page.js";
import { keep, lastPerson, newId, notesOf, rememberPerson } from "./phone.js";
import { count, join, subtract } from "./ranges.js";
import { Reporter } from "./reporter.js";

const KEEP_EVERY = 10000;
const REPORT_EVERY = 30000;
const RETRY_STATE = 8000;

export class Study {
  // `source` is a media or article reader: seconds(), position(), resume(place, speed, covered).
  constructor(root, source) {
    this.address = root.dataset.study;
    this.lesson = Number(root.dataset.lesson);
    this.length = Number(root.dataset.seconds);
    this.need = Number(root.dataset.need);
    this.source = source;
    this.page = new Page(root);
    this.person = lastPerson();
    this.token = null;
    this.ahead = 0;
    this.covered = [];
    this.adopted = [];
    this.isFinished = false;
    this.note = { id: newId(), person: this.person, lesson: this.lesson, token: null, segments: [], position: 0, at: 0 };
    this.reporter = new Reporter(root.dataset.report, this);
    this.reporter.note = this.note;
    this.reportedAt = Date.now();
  }

  async open() {
    const isOpen = await this.renew();
    if (isOpen) {
      const left = notesOf(this.person).filter((note) => note.lesson === this.lesson).pop();
      this.source.resume(left && left.position ? left.position : this.position, this.speed, this.covered);
      this.write();
      this.reporter.told = this.position;
      this.reporter.send(this.note);
    }
    setInterval(() => this.tick(), KEEP_EVERY);
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.leave());
    window.addEventListener("pagehide", () => this.leave());
  }

  // A fresh token, the server's clock and what it holds; tried again until it comes.
  async renew() {
    try {
      const response = await fetch(this.address, { credentials: "same-origin", headers: { Accept: "application/json" } });
      if (response.status === 401) {
        this.page.signedOut();
        return false;
      }
      if (!response.ok) throw new Error(String(response.status));
      this.take(await response.json());
      return true;
    } catch (error) {
      this.failed();
      setTimeout(() => this.token || this.renew().then((isOpen) => isOpen && this.report()), RETRY_STATE);
      return false;
    }
  }

  take(state) {
    this.person = state.person;
    rememberPerson(state.person);
    this.token = state.token;
    this.speed = state.speed;
    this.version = state.version;
    this.cycle = state.cycle;
    this.ahead = state.now - Date.now();
    this.position = state.position;
    this.note.person = state.person;
    this.note.token = state.token;
    this.hold(state);
    this.page.result(state);
  }

  // What the server holds from now on.
  hold(answer) {
    this.covered = answer.ranges;
    this.need = answer.need;
    this.isFinished = answer.finished;
    this.show();
  }

  now() {
    return Date.now() + this.ahead;
  }

  // The present note: all that was played and that the server does not hold.
  write() {
    const played = join(this.source.seconds(), this.adopted);
    const segments = subtract(played, this.covered);
    const position = Math.min(this.length, Math.floor(this.source.position()));
    if (position !== this.note.position || !this.note.at) this.note.at = this.now();
    this.note.segments = segments;
    this.note.position = position;
    return this.note;
  }

  keep() {
    const note = this.write();
    if (note.segments.length) this.page.savedHere(keep(note));
  }

  report() {
    this.reportedAt = Date.now();
    this.keep();
    this.reporter.send(this.write());
  }

  tick() {
    this.keep();
    if (Date.now() - this.reportedAt >= REPORT_EVERY) this.report();
  }

  // The page may be gone after this: first the phone, then the server.
  leave() {
    this.keep();
    this.reporter.leave(this.note);
  }

  // Something was played: show it, and tell the server at once when the lesson is complete.
  moved() {
    this.show();
    if (!this.isFinished && !this.isTold && count(this.all()) >= this.need) {
      this.isTold = true;
      this.report();
    }
  }

  all() {
    return join(join(this.covered, this.source.seconds()), this.adopted);
  }

  show() {
    this.page.progress(this.all(), this.length, this.need);
  }

  adopt(segments) {
    this.adopted = join(this.adopted, segments);
    this.write();
  }

  // An answer about another lesson, or about an earlier version of this one, changes nothing on this page.
  answered(note, answer) {
    this.page.savedThere();
    if (answer.version !== this.version || answer.cycle !== this.cycle) return;
    this.hold(answer);
    this.write();
    this.page.result(answer);
    // What the clock could not pay yet is offered again when it can.
    if (answer.unpaid) setTimeout(() => this.report(), Math.min(REPORT_EVERY, answer.unpaid * 1000 + 500));
  }

  failed() {
    this.page.waiting();
  }
}
