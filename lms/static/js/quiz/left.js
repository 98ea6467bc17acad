// The time that is left, by the server's clock, said calmly: every minute in text, aloud only at five and at one.
const ALOUD = [5, 1];
const LOOK_EVERY = 5000;

export class Left {
  constructor(form) {
    this.words = form.dataset;
    this.line = form.querySelector("[data-left]");
    // The page's age, not the phone's date: clocks are wrong.
    this.since = performance.now();
    this.whole = Number(form.dataset.deadline) - Number(form.dataset.now);
  }

  open() {
    this.line.hidden = false;
    this.show();
    setInterval(() => this.show(), LOOK_EVERY);
  }

  show() {
    const left = this.whole - (performance.now() - this.since);
    const minutes = Math.ceil(left / 60000);
    if (minutes === this.minutes) return;
    this.line.setAttribute("aria-live", ALOUD.indexOf(minutes) >= 0 || minutes <= 0 ? "polite" : "off");
    this.minutes = minutes;
    if (minutes <= 0) this.line.textContent = this.words.sayOver;
    else this.line.textContent = minutes === 1 ? this.words.sayLast : this.words.sayLeft.replace("{m}", minutes);
  }
}
