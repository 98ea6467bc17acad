// One go at a package: asks the server what to play and where the learner stood, and gives everything that the package
// reports to the outbox. It never shows anything itself.
import { outbox } from "../outbox.js";
import { forgetLate, isLate, lateOf } from "./late.js";
import { isActivity, isEnd } from "./statements.js";
import { uuid } from "./uuid.js";
import { allWaiting, hasEnd, scosWith, sessionSeconds, statesWith, waitingOf } from "./waiting.js";

// What a package says of its own accord is gathered a little; what the learner did goes at once.
const SOON = 20000;
// Some contents report their parts just after the whole: these are no new go.
const AFTERWARDS = 2000;
// A fresh token that is refused as well is not asked for all the time.
const RENEW_EVERY = 30000;

export class SignedOut extends Error {}

export class Go {
  // `listener` is told what becomes of it: changed(), kept(isKept), sent(), answered(entry, answer), renewed(token).
  constructor(address, about, listener) {
    this.address = address;
    this.about = about;
    this.listener = listener;
    this.states = {};
    this.unsent = {};
    this.renewedAt = -RENEW_EVERY;
    ["statement", "state", "commit"].forEach((kind) => outbox.on(kind, (entry, answer) => this.answered(entry, answer)));
  }

  // What the server says of this lesson, with what waits on the phone laid over it. Throws SignedOut, or when there
  // is no network.
  async open({ again } = {}) {
    const before = await allWaiting();
    const told = await this.ask(again ? { again: 1 } : {});
    const waiting = (await waitingOf(told.registration, before)).concat(await this.lateOf(told.registration));
    const isOver = told.kind === "H5P" && hasEnd(waiting);
    this.registration = isOver ? uuid() : told.registration;
    this.endedAt = null;
    this.since = null;
    this.states = isOver ? {} : statesWith(told.states || {}, waiting);
    this.scos = scosWith(told.scos || {}, waiting);
    this.told = told;
    await this.bringLate();
    return told;
  }

  // What came back and is about to be brought again is as new as what waits.
  async lateOf(registration) {
    return (await lateOf(this.about)).filter(({ about }) => about.registration === registration);
  }

  async ask(more) {
    const address = new URL(this.address, window.location.href);
    Object.keys(more).forEach((name) => address.searchParams.set(name, more[name]));
    const response = await fetch(address.href, { credentials: "same-origin", headers: { Accept: "application/json" } });
    if (response.status === 401) throw new SignedOut();
    if (!response.ok) throw new Error(String(response.status));
    const told = await response.json();
    this.token = told.token;
    this.about.person = told.person;
    this.about.version = told.version;
    return told;
  }

  statement(statement) {
    if (this.endedAt !== null && isActivity(statement) && performance.now() - this.endedAt > AFTERWARDS) this.beginAnew();
    if (isEnd(statement)) this.endedAt = performance.now();
    const id = statement.id || uuid();
    const context = Object.assign({}, statement.context, { registration: this.registration });
    const whole = Object.assign({}, statement, { id, context }, this.timed(statement));
    return this.add("statement", `statement.${id}`, { statement: whole }).then(() => outbox.send());
  }

  // Done is done: whoever plays on begins another go, with states of its own.
  beginAnew() {
    this.since = this.endedAt;
    this.registration = uuid();
    this.endedAt = null;
    this.states = {};
  }

  // A content counts from its opening on; another go within it began no earlier than when the one before was over.
  timed({ result }) {
    if (this.since === null || !result || !result.duration) return {};
    const seconds = (performance.now() - this.since) / 1000;
    if (sessionSeconds({ "cmi.session_time": result.duration }) <= seconds) return {};
    return { result: Object.assign({}, result, { duration: `PT${seconds.toFixed(2)}S` }) };
  }

  // Where the content stands. What it says after its end is the end of that go, and no other one's beginning.
  state({ key, data }) {
    if (this.endedAt !== null || this.states[key] === data) return;
    this.states[key] = data;
    this.add("state", `state.${this.registration}.${key}`, { key, data, registration: this.registration });
    this.sendSoon();
  }

  commit({ sco, session, sequence, cmi, closing }) {
    const body = { sco, session, sequence, cmi, registration: this.registration };
    const added = this.add("commit", `commit.${session}`, body);
    if (closing) added.then(() => outbox.send());
    else this.sendSoon();
  }

  async add(kind, key, body) {
    const entry = { kind, key, token: this.token, body, about: this.aboutNow(), at: Date.now() };
    this.unsent[key] = entry;
    this.listener.changed();
    if (document.visibilityState === "hidden") outbox.leave(entry);
    this.listener.kept(await outbox.add(entry));
  }

  aboutNow() {
    return Object.assign({ registration: this.registration }, this.about);
  }

  sendSoon() {
    if (this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      outbox.send();
    }, SOON);
  }

  // The page may be gone after this: what waits is on the phone already, and on its way once more.
  leave() {
    Object.keys(this.unsent).forEach((key) => outbox.leave(this.unsent[key]));
  }

  async answered(entry, answer) {
    if (!this.isOurs(entry)) return;
    if (isLate(answer)) {
      this.renew();
      return;
    }
    const latest = this.unsent[entry.key];
    if (latest && JSON.stringify(latest.body) === JSON.stringify(entry.body)) delete this.unsent[entry.key];
    this.listener.answered(entry, answer);
    if (!Object.keys(this.unsent).length) this.listener.sent();
  }

  isOurs({ about }) {
    return Boolean(about) && ["person", "lesson", "block"].every((name) => about[name] === this.about[name]);
  }

  // A token that ran out while the page was open: a new one, and what came back is brought again with it.
  async renew() {
    if (performance.now() - this.renewedAt < RENEW_EVERY) {
      setTimeout(() => this.renew(), RENEW_EVERY);
      return;
    }
    this.renewedAt = performance.now();
    try {
      const { token } = await this.ask({});
      this.listener.renewed(token);
      await this.bringLate();
    } catch (error) {
      setTimeout(() => this.renew(), RENEW_EVERY); // what came back is kept on the phone meanwhile
    }
  }

  async bringLate() {
    const late = await lateOf(this.about);
    for (const { kind, key, body, about, at } of late) {
      // What was written under this key since is newer, and is on the way with the new token.
      const newest = this.unsent[key] || { body, at };
      this.unsent[key] = { kind, token: this.token, body: newest.body, at: newest.at };
      await outbox.add({ kind, key, token: this.token, body: newest.body, about, at: newest.at });
    }
    if (!late.length) return;
    await forgetLate(this.about, late);
    outbox.send();
  }
}
