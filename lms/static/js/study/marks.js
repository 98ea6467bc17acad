// The two marks of whatever is studied: kept on the phone, kept on the server.
import { fill, timeOfDay, write } from "./words.js";

export class Marks {
  constructor(root) {
    this.words = root.dataset;
    this.here = root.querySelector("[data-mark-here]");
    this.there = root.querySelector("[data-mark-there]");
  }

  savedHere(isKept) {
    if (isKept) show(this.here, "here", fill(this.words.sayHere, { time: timeOfDay() }));
    else show(this.here, "wait", this.words.sayFull);
  }

  // Something newer is on its way: until it has arrived, the server does not have everything.
  changed() {
    this.there.hidden = true;
  }

  savedThere() {
    this.since = timeOfDay();
    show(this.there, "sent", fill(this.words.sayThere, { time: this.since }));
  }

  waiting() {
    const { sayWait, sayWaitSince } = this.words;
    show(this.there, "wait", this.since && sayWaitSince ? fill(sayWaitSince, { time: this.since }) : sayWait);
  }
}

function show(mark, is, words) {
  mark.hidden = false;
  mark.dataset.is = is;
  write(mark.lastElementChild, words);
}
