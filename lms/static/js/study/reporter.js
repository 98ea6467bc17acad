// Brings notes to the server, and again until they are there. Nothing is forgotten before the server has said
// that it holds it.
import { forget, keep, notesOf } from "./phone.js";
import { subtract } from "./ranges.js";

const FIRST_PAUSE = 5000;
const LONGEST_PAUSE = 60000;

export class Reporter {
  // `study` tells person, lesson and token, and is told: answered(note, answer), failed(), signedIn(false).
  constructor(address, study) {
    this.address = address;
    this.study = study;
    this.pause = FIRST_PAUSE;
    this.isBusy = false;
    this.told = 0;
    window.addEventListener("online", () => this.send());
  }

  // Send all notes of this person, the oldest first, and `note` (which the page works on) last.
  async send(note) {
    if (note) this.note = note;
    if (!this.study.person) return;
    if (this.isBusy) {
      this.isWanted = true;
      return;
    }
    this.isBusy = true;
    this.isWanted = false;
    clearTimeout(this.timer);
    try {
      const earlier = notesOf(this.study.person).filter((other) => other.id !== this.note.id);
      for (const other of earlier) await this.bring(other);
      if (this.note.segments.length || this.hasMoved()) await this.bring(this.note);
      this.pause = FIRST_PAUSE;
    } catch (error) {
      this.study.failed();
      this.timer = setTimeout(() => this.send(), this.pause);
      this.pause = Math.min(LONGEST_PAUSE, this.pause * 2);
    }
    this.isBusy = false;
    if (this.isWanted) this.send();
  }

  hasMoved() {
    return this.note.position !== this.told;
  }

  // The page is going: no time for an answer. What is sent stays on the phone until one comes.
  leave(note) {
    if (!note.token || !note.segments.length) return;
    const body = bodyOf(note);
    if ("keepalive" in Request.prototype) {
      fetch(this.address, { method: "POST", keepalive: true, headers: headers(), body }).catch(() => {});
    } else if (navigator.sendBeacon) {
      navigator.sendBeacon(this.address, new Blob([body], { type: "text/plain" }));
    }
  }

  async bring(note) {
    if (!note.token) {
      this.adopt(note);
      return;
    }
    const position = note.position;
    const response = await fetch(this.address, { method: "POST", headers: headers(), body: bodyOf(note) });
    if (response.status >= 500 || response.status === 429) throw new Error(String(response.status));
    const answer = await response.json();
    if (!response.ok) {
      await this.refused(note, answer.error);
      return;
    }
    if (note.id === this.note.id) this.told = position;
    note.segments = subtract(note.segments, answer.ranges);
    if (note.segments.length) keep(note);
    else forget(note);
    this.study.answered(note, answer);
  }

  // A token that is too old is exchanged for the present one of the same lesson; a clock that has drifted is
  // set again. What cannot be true is not kept.
  async refused(note, error) {
    if (error === "expired" || error === "token") {
      note.token = null;
      keep(note);
      if (note.id === this.note.id) await this.study.renew();
      else this.adopt(note);
    } else if (error === "at") {
      await this.study.renew();
      note.at = this.study.now();
      keep(note);
    } else if (note.id !== this.note.id) {
      forget(note);
    }
  }

  // A note without a token waits until its lesson is opened again, and joins that page's note.
  adopt(note) {
    if (note.id === this.note.id || note.lesson !== this.study.lesson || !this.study.token) return;
    this.study.adopt(note.segments);
    forget(note);
  }
}

function headers() {
  return { "Content-Type": "application/json" };
}

function bodyOf(note) {
  const { token, id, segments, position, at } = note;
  return JSON.stringify({ token, id, segments, position, at });
}
