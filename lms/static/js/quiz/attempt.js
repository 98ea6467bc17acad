// One attempt on one page: gives each answer to the outbox, and at the end hands in.
import { outbox } from "../study/outbox.js";
import { store } from "../study/store.js";
import { Marks } from "../study/marks.js";
import { read, write } from "./values.js";

const SOON = 400;
// Whoever taps twice has not read what the first tap brought.
const DOUBLE_TAP = 700;

export class Attempt {
  // `isFresh`: the page came from the server just now, and not out of the phone.
  constructor(form, isFresh) {
    this.form = form;
    this.isFresh = isFresh;
    this.words = form.dataset;
    this.id = Number(form.dataset.attempt);
    this.token = form.dataset.token;
    this.questions = Array.from(form.querySelectorAll("[data-place]"));
    this.marks = new Marks(form);
    this.written = asServed(form).map((question) => JSON.stringify(read(question)));
    this.given = []; // by index: answered on this page
    this.askedAt = 0; // when a first wish to hand in was told what is missing
    this.note = form.querySelector("[data-note]");
    this.button = form.querySelector("[data-hand-in]");
  }

  open() {
    this.form.querySelector("[data-save]").hidden = true; // every answer is kept by itself
    outbox.on("answer", (entry, answer) => this.answered(entry, answer));
    outbox.on("hand_in", (entry, answer) => this.handedIn(entry, answer));
    outbox.onFailure(() => this.marks.waiting());
    // A slow phone takes its time to remember, and its owner answers meanwhile, or before this script was there.
    this.restored = this.restore();
    this.keepAll();
    this.questions.forEach((question, index) => {
      question.addEventListener("change", () => this.keep(question, index));
      question.addEventListener("input", () => this.keepSoon(question, index));
    });
    this.form.addEventListener("submit", (event) => this.handIn(event));
    window.addEventListener("pagehide", () => this.keepAll());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.keepAll());
  }

  // What waits on this phone is newer than any page; what the phone remembers is newer than a page out of the phone;
  // what is given while it remembers is newer than both.
  async restore() {
    const known = this.isFresh ? null : await store.get("states", this.name()).catch(() => null);
    if (known) Object.keys(known.answers).forEach((place) => this.fill(place, known.answers[place]));
    const all = await store.all("outbox").catch(() => []);
    const waiting = all.filter((entry) => entry.about && entry.about.attempt === this.id);
    waiting.filter((entry) => entry.kind === "answer").forEach((entry) => this.fill(entry.body.place, entry.body.value));
    if (waiting.length) this.marks.waiting();
    if (waiting.some((entry) => entry.kind === "hand_in")) this.wait();
  }

  fill(place, value) {
    const index = this.questions.findIndex((question) => question.dataset.place === String(place));
    if (index < 0 || this.given[index]) return;
    write(this.questions[index], value);
    this.written[index] = JSON.stringify(read(this.questions[index]));
  }

  name() {
    return `attempt-${this.id}`;
  }

  keepSoon(question, index) {
    this.given[index] = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(question, index), SOON);
  }

  keepAll() {
    this.questions.forEach((question, index) => this.keep(question, index));
  }

  async keep(question, index) {
    const value = read(question);
    const written = JSON.stringify(value);
    if (written === this.written[index]) return;
    this.written[index] = written;
    this.given[index] = true;
    this.marks.changed();
    const place = Number(question.dataset.place);
    const isKept = await this.add("answer", `answer.${this.id}.${place}`, { place, value });
    this.marks.savedHere(isKept);
    await this.remember();
    outbox.send();
  }

  add(kind, key, body) {
    return outbox.add({ kind, key, token: this.token, body, about: { attempt: this.id } });
  }

  async remember() {
    await this.restored;
    const answers = {};
    this.questions.forEach((question) => {
      answers[question.dataset.place] = read(question);
    });
    return store.put("states", { lesson: this.name(), answers }).catch(() => {});
  }

  async answered(entry, answer) {
    if (entry.about.attempt !== this.id) return;
    if (answer.kept === "late") this.say(this.words.sayLate);
    else if (answer.kept === "closed") window.location.reload();
    else if (answer.error) this.bringAgain(entry, answer);
    else if (!(await this.hasMore(entry))) this.marks.savedThere();
  }

  // Whether other answers of this attempt still wait on the phone.
  async hasMore(entry) {
    const waiting = await store.all("outbox").catch(() => []);
    return waiting.some((each) => each.n !== entry.n && each.about && each.about.attempt === this.id);
  }

  // What lay on the phone longer than its token lives comes once more with the one of this page.
  bringAgain(entry, answer) {
    if (answer.error !== "expired" || !this.isFresh || entry.token === this.token) return false;
    this.add(entry.kind, entry.key, entry.body).then(() => outbox.send());
    return true;
  }

  async handIn(event) {
    event.preventDefault();
    // Until then an answer that the phone knows looks missing.
    await this.restored;
    if (this.button.disabled || (this.askedAt && performance.now() - this.askedAt < DOUBLE_TAP)) return;
    const missing = this.questions.filter((question) => read(question) === null);
    if (missing.length && !this.askedAt) {
      this.askFor(missing);
      return;
    }
    this.keepAll();
    this.button.disabled = true;
    const isKept = await this.add("hand_in", `hand_in.${this.id}`, {});
    if (await outbox.send()) return;
    if (isKept) this.wait();
    else this.say(this.words.sayFull);
    this.button.disabled = isKept;
  }

  askFor(missing) {
    this.askedAt = performance.now();
    this.say(this.words.sayMissing.replace("{n}", missing.length));
    this.button.lastElementChild.textContent = this.words.sayAgain;
    missing[0].scrollIntoView();
    missing[0].querySelector("input, select").focus({ preventScroll: true });
  }

  // Handed in as far as the phone is concerned: nothing can be changed any more.
  wait() {
    this.questions.forEach((question) => {
      question.disabled = true;
    });
    this.button.disabled = true;
    this.say(this.words.sayHanding);
  }

  handedIn(entry, answer) {
    if (entry.about.attempt !== this.id || this.bringAgain(entry, answer)) return;
    [this.name(), `clock-${this.id}`].forEach((name) => store.remove("states", name).catch(() => {}));
    window.location.reload(); // the review stands at the same address
  }

  say(words) {
    this.note.hidden = false;
    this.note.textContent = words;
  }
}

// The questions as the server wrote them, whatever has been given on the page since.
function asServed(form) {
  const served = form.cloneNode(true);
  served.reset();
  return Array.from(served.querySelectorAll("[data-place]"));
}
