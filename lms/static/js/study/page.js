// What the lesson page shows of its progress. All words come from the template's data attributes.
import { Marks } from "./marks.js";
import { count } from "./ranges.js";
import { fill, write } from "./words.js";

export class Page {
  constructor(root) {
    this.root = root;
    this.words = root.dataset;
    this.soFar = root.querySelector("[data-so-far]");
    this.bar = this.soFar.querySelector(".bar");
    this.from = root.querySelector("[data-from]");
    this.marks = new Marks(root);
    this.outcome = root.querySelector("[data-outcome]");
    this.next = document.querySelector("[data-next]");
  }

  // `ranges` are the seconds played; the bar shows them where they lie, so that a gap can be seen.
  progress(ranges, whole, need) {
    const seen = count(ranges);
    this.soFar.hidden = false;
    write(this.soFar.querySelector("[data-seen]"), fill(this.words.saySeen, { seen: this.length(seen), whole: this.length(whole) }));
    const left = Math.max(0, need - seen);
    write(this.soFar.querySelector("[data-left]"), left ? fill(this.words.sayLeft, { left: this.length(left) }) : "");
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
    write(this.from, place ? fill(this.words.sayFrom, { time: place }) : "");
  }

  // The result in words; the way on becomes the main action only when the lesson is finished.
  result(answer) {
    const is = { granted: "good", capped: "mind", no_rule: "mind" }[answer.outcome] || "";
    this.outcome.hidden = !answer.words;
    if (is) this.outcome.dataset.is = is;
    else delete this.outcome.dataset.is;
    write(this.outcome, answer.words);
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
