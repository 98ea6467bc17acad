// What the lesson page shows of its progress. All words come from the template's data attributes.
import { count } from "./ranges.js";

export class Page {
  constructor(root) {
    this.root = root;
    this.words = root.dataset;
    this.soFar = root.querySelector("[data-so-far]");
    this.bar = this.soFar.querySelector(".bar");
    this.from = root.querySelector("[data-from]");
    this.here = root.querySelector("[data-mark-here]");
    this.there = root.querySelector("[data-mark-there]");
    this.outcome = root.querySelector("[data-outcome]");
    this.next = document.querySelector("[data-next]");
  }

  // `ranges` are the seconds played; the bar shows them where they lie, so that a gap can be seen.
  progress(ranges, whole, need) {
    const seen = count(ranges);
    this.soFar.hidden = false;
    text(this.soFar.querySelector("[data-seen]"), fill(this.words.saySeen, { seen: this.length(seen), whole: this.length(whole) }));
    const left = Math.max(0, need - seen);
    text(this.soFar.querySelector("[data-left]"), left ? fill(this.words.sayLeft, { left: this.length(left) }) : "");
    this.draw(ranges, whole);
  }

  draw(ranges, whole) {
    while (this.bar.childElementCount < ranges.length) this.bar.appendChild(this.bar.firstElementChild.cloneNode());
    Array.from(this.bar.children).forEach((rect, index) => {
      const range = ranges[index] || [0, 0];
      rect.setAttribute("x", `${(range[0] * 100) / whole}%`);
      rect.setAttribute("width", `${((range[1] - range[0]) * 100) / whole}%`);
    });
  }

  // Where a film will go on, said beside it until it does.
  goesOnFrom(place) {
    this.from.hidden = !place;
    text(this.from, place ? fill(this.words.sayFrom, { time: place }) : "");
  }

  savedHere(isKept) {
    this.here.hidden = false;
    this.here.dataset.is = isKept ? "here" : "wait";
    text(this.here.lastElementChild, isKept ? fill(this.words.sayHere, { time: clock() }) : this.words.sayFull);
  }

  savedThere() {
    this.since = clock();
    this.mark("sent", fill(this.words.sayThere, { time: this.since }));
  }

  waiting() {
    this.mark("wait", this.since ? fill(this.words.sayWaitSince, { time: this.since }) : this.words.sayWait);
  }

  mark(is, words) {
    this.there.hidden = false;
    this.there.dataset.is = is;
    text(this.there.lastElementChild, words);
  }

  // The result in words; the way on becomes the main action only when the lesson is finished.
  result(answer) {
    const is = { granted: "good", capped: "mind", no_rule: "mind" }[answer.outcome] || "";
    this.outcome.hidden = !answer.words;
    if (is) this.outcome.dataset.is = is;
    else delete this.outcome.dataset.is;
    text(this.outcome, answer.words);
    if (this.next) this.next.classList.toggle("main", answer.finished || answer.outcome === "already");
  }

  signedOut() {
    this.root.querySelector("[data-signed-out]").hidden = false;
  }

  length(seconds) {
    const minutes = Math.floor(seconds / 60);
    const rest = Math.round(seconds % 60);
    if (!minutes) return fill(this.words.saySeconds, { s: rest });
    return rest ? fill(this.words.sayBoth, { m: minutes, s: rest }) : fill(this.words.sayMinutes, { m: minutes });
  }
}

// The time of day to the minute, so that a live region speaks once a minute at most.
function clock() {
  const now = new Date();
  return `${now.getHours()}:${String(now.getMinutes()).padStart(2, "0")}`;
}

function fill(words, values) {
  return words.replace(/\{(\w+)\}/g, (whole, name) => values[name]);
}

// Written only when it changes: a live region repeats whatever is written.
function text(element, words) {
  if (element.textContent !== words) element.textContent = words;
}
