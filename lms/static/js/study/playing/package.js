// A package on a lesson's page, or inside an article's text: opens it, says in words what became of it, and lets the
// learner try once more.
import { write } from "../words.js";
import { Frame } from "./frame.js";
import { Go, SignedOut } from "./go.js";
import { fetched } from "./handing.js";
import { Screen } from "./screen.js";

// Loaded, and no word from inside: nothing of ours is in there.
const DUMB_AFTER = 8000;
const SLOW_AFTER = 10000;
// Where a film stood is waited for no longer than this.
const PATIENCE = 4000;

export class Package {
  // `study` is the lesson's own, `source` what its time comes from; a package inside a text has neither, and
  // `marks` are those of the page that it is on.
  constructor(box, { study, source, marks }) {
    this.box = box;
    this.words = box.dataset;
    this.study = study;
    this.source = source;
    this.marks = marks;
    this.frame = new Frame(box.querySelector("[data-frame]"));
    this.note = box.querySelector("[data-note]");
    this.retry = box.querySelector("[data-retry]");
    this.result = box.querySelector("[data-result]");
    this.again = box.querySelector("[data-again]");
    this.sure = box.querySelector("[data-sure]");
    const { go, lesson, block } = this.words;
    this.go = new Go(go, { lesson: Number(lesson), block: Number(block || 0), person: 0 }, this);
    new Screen(box.querySelector("[data-screen]"));
    this.listen();
  }

  listen() {
    const { frame, go } = this;
    frame.on("load", () => this.expectWord());
    frame.on("want", ({ addresses }) => this.hand(addresses));
    frame.on("ready", () => this.begin());
    frame.on("begun", () => this.begun());
    frame.on("opened", () => this.begun());
    // A menu is there and nothing of it is open: no time runs yet.
    frame.on("offered", () => this.quiet());
    frame.on("statement", ({ statement }) => go.statement(statement));
    frame.on("state", (message) => go.state(message));
    frame.on("commit", (message) => go.commit(message));
    frame.on("unheard", () => this.say(this.words.sayRefused));
    frame.on("film", (message) => this.source && this.source.film && this.source.film(message));
    frame.on("cannot", ({ why }) => this.cannot(why));
    frame.on("leave", () => this.left());
    this.retry.addEventListener("click", () => this.open({}));
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.leave());
    window.addEventListener("pagehide", () => this.leave());
    if (!this.again) return;
    this.again.addEventListener("click", () => this.ask(true));
    this.sure.querySelector("[data-no]").addEventListener("click", () => this.ask(false));
    this.sure.querySelector("[data-yes]").addEventListener("click", () => {
      this.ask(false);
      this.open({ again: true });
    });
  }

  async open({ again }) {
    this.quiet();
    this.retry.hidden = true;
    this.isReady = false;
    this.run(false);
    this.frame.close();
    this.say(this.words.sayOpening, { isOpening: true });
    try {
      const told = await this.go.open({ again });
      this.show(told);
      this.slow = setTimeout(() => this.say(this.words.saySlow, { isOpening: true }), SLOW_AFTER);
      if (told.kind === "SCORM") this.frame.open(told.frame, told.origin);
      else this.frame.open(`${told.frame}#handed`, "*");
    } catch (error) {
      this.cannot(error instanceof SignedOut ? "login" : "network");
    }
  }

  // The frame is there; a package that can be played says so soon.
  expectWord() {
    clearTimeout(this.dumb);
    if (!this.isReady) this.dumb = setTimeout(() => this.cannot("network"), DUMB_AFTER);
  }

  // Once for each opening: libraries, which come with it, have nothing to ask for.
  async hand(addresses) {
    if (this.isReady) return;
    this.hearWord();
    this.frame.say("hand", { files: await fetched(addresses, new URL(this.go.told.frame).origin) });
  }

  async begin() {
    this.hearWord();
    const { go } = this;
    const isElder = document.documentElement.hasAttribute("data-elder");
    if (go.told.kind === "SCORM") {
      this.frame.say("begin", { scos: go.scos, open: go.told.open, token: go.token, uploads: this.uploads(), registration: go.registration, name: this.words.name, mode: "normal", is_elder: isElder });
      return;
    }
    const { position, speed } = await this.place();
    this.frame.say("begin", { states: go.states, position, speed, is_elder: isElder });
  }

  hearWord() {
    this.isReady = true;
    clearTimeout(this.dumb);
  }

  uploads() {
    return new URL(this.words.uploads, window.location.href).href;
  }

  // Where its film stood and how fast it may run, if it has one.
  place() {
    const unknown = { position: 0, speed: 1 };
    if (!this.source) return unknown;
    return Promise.race([this.source.resumed, new Promise((resolve) => setTimeout(() => resolve(unknown), PATIENCE))]);
  }

  begun() {
    this.quiet();
    this.retry.hidden = true;
    this.run(true);
  }

  run(isRunning) {
    if (this.source) this.source.run(isRunning);
  }

  // Never an empty box: a sentence says what is the matter, and there is a way to try again.
  cannot(why) {
    const words = { login: this.words.sayLogin, network: this.words.sayNetwork, browser: this.words.sayBrowser, elsewhere: this.words.sayElsewhere };
    this.quiet();
    this.run(false);
    // A frame that is there may still come alive by itself.
    if ((why !== "network" && why !== "login") || !this.frame.element) this.frame.shut();
    this.box.classList.add("away");
    this.say(words[why] || this.words.sayBroken);
    // Trying again brings no film that is not there.
    this.retry.hidden = why === "elsewhere";
  }

  // The learner closed it from inside: what it told has come, and it can be opened again.
  left() {
    this.run(false);
    this.frame.shut();
    this.say(this.words.sayLeft);
    this.retry.hidden = false;
    this.retry.focus();
  }

  // While it is being opened the words lie on the room that is kept for it, so that nothing moves when they go.
  say(words, { isOpening } = {}) {
    this.note.hidden = !words;
    this.note.classList.toggle("opening", Boolean(isOpening));
    write(this.note, words || "");
  }

  quiet() {
    clearTimeout(this.slow);
    clearTimeout(this.dumb);
    this.box.classList.remove("away");
    this.say("");
  }

  show({ result, may_again: mayAgain }) {
    if (result) this.showResult(result);
    if (this.again) this.again.hidden = !mayAgain;
  }

  showResult(result) {
    this.result.hidden = !result.words;
    write(this.result, result.words || "");
    if (result.success === true) this.result.dataset.is = "good";
    else delete this.result.dataset.is;
  }

  ask(isAsked) {
    this.sure.hidden = !isAsked;
    this.again.hidden = isAsked;
    (isAsked ? this.sure.querySelector("[data-yes]") : this.again).focus();
  }

  leave() {
    this.frame.say("ask", {});
    this.go.leave();
  }

  // ---- what the go tells ----
  // The host of a courseware brings its last words by itself, and needs the new token for that.
  renewed(token) {
    if (this.isReady && this.go.told.kind === "SCORM") this.frame.say("begin", { token, uploads: this.uploads(), registration: this.go.registration });
  }

  changed() {
    if (this.marks) this.marks.changed();
  }

  kept(isKept) {
    if (this.marks) this.marks.savedHere(isKept);
  }

  sent() {
    if (this.marks) this.marks.savedThere();
  }

  answered(entry, answer) {
    if (answer.error) {
      // A place that was not kept costs the learner nothing that was done.
      if (entry.kind !== "state") this.say(this.words.sayRefused);
      return;
    }
    if (answer.result) this.showResult(answer.result);
    if (this.again && "may_again" in answer) this.again.hidden = !answer.may_again;
    if (this.study && answer.lesson) this.study.answered(entry, answer.lesson);
  }
}

// Packages inside a text open when they come near the screen: what nobody reaches costs nothing.
export function openWhenNear(box, open) {
  if (typeof IntersectionObserver === "undefined") {
    open();
    return;
  }
  const observer = new IntersectionObserver((seen) => {
    if (!seen.some((each) => each.isIntersecting)) return;
    observer.disconnect();
    open();
  }, { rootMargin: "300px" });
  observer.observe(box);
}
