// What a page that plays something does with it, whoever it is for: kept on the device every few seconds, sent now and
// then, at the end of the page, and at once when it is enough. A kind of page says `body()`, `keep()`, `all()` and `token()`.
import { outbox } from "./outbox.js";
import { Page } from "./page.js";
import { count } from "./ranges.js";

const KEEP_EVERY = 10000;
const REPORT_EVERY = 30000;

export class Recorder {
  constructor(root, source, kind, key) {
    this.source = source;
    this.kind = kind;
    this.page = new Page(root);
    // What the server holds.
    this.covered = [];
    this.key = `${key}.${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
    this.written = "";
    this.reportedAt = Date.now();
  }

  listen() {
    outbox.on(this.kind, (entry, answer) => this.answered(entry, answer));
    outbox.onFailure(() => this.page.marks.waiting());
  }

  watch() {
    setInterval(() => this.tick(), KEEP_EVERY);
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.leave());
    window.addEventListener("pagehide", () => this.leave());
  }

  async report() {
    this.reportedAt = Date.now();
    await this.keep();
    await this.beforeSending();
    outbox.send();
  }

  async beforeSending() {}

  tick() {
    if (Date.now() - this.reportedAt >= REPORT_EVERY) this.report();
    else this.keep();
  }

  // The page may be gone after this: first the phone, then the server.
  leave() {
    this.keep();
    const body = this.body();
    const token = this.token();
    if (token && body.segments.length) outbox.leave({ kind: this.kind, token, body });
  }

  // Something was played: show it, and tell the server at once when it is enough.
  moved() {
    this.show();
    if (!this.isFinished && !this.isTold && count(this.all()) >= this.need) {
      this.isTold = true;
      this.report();
    }
  }

  show() {
    this.page.progress(this.all(), this.length, this.need);
  }

  // What the clock could not pay yet is offered again when it can.
  offerAgainAfter(unpaid) {
    setTimeout(() => {
      this.written = "";
      this.report();
    }, Math.min(REPORT_EVERY, unpaid * 1000 + 500));
  }
}
