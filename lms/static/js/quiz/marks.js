// The two marks of a quiz: kept on the phone, kept on the server.
export class Marks {
  constructor(form) {
    this.words = form.dataset;
    this.here = form.querySelector("[data-mark-here]");
    this.there = form.querySelector("[data-mark-there]");
  }

  savedHere(isKept) {
    set(this.here, isKept ? "here" : "wait", isKept ? timed(this.words.sayHere) : this.words.sayFull);
  }

  savedThere() {
    set(this.there, "sent", timed(this.words.sayThere));
  }

  waiting() {
    set(this.there, "wait", this.words.sayWait);
  }
}

function set(mark, is, words) {
  mark.hidden = false;
  mark.dataset.is = is;
  // Written only when it changes: a live region repeats whatever is written.
  if (mark.lastElementChild.textContent !== words) mark.lastElementChild.textContent = words;
}

function timed(words) {
  const now = new Date();
  return words.replace("{time}", `${now.getHours()}:${String(now.getMinutes()).padStart(2, "0")}`);
}
