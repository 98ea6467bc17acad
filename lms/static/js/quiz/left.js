// The time that is left, by the server's clock, said calmly: every minute in text, aloud only at five and at one.
import { store } from "../study/store.js";

const ALOUD = [5, 1];
const LOOK_EVERY = 5000;

export class Left {
  constructor(form) {
    this.words = form.dataset;
    this.name = `clock-${form.dataset.attempt}`;
    this.line = form.querySelector("[data-left]");
    this.deadline = Number(form.dataset.deadline);
  }

  // How far the phone's clock is behind the server's is learnt from a page fresh from the server, and remembered for
  // the same page out of the phone, which may be of any age.
  async open(isFresh) {
    const known = isFresh ? null : await store.get("states", this.name).catch(() => null);
    this.behind = known ? known.behind : Number(this.words.now) - Date.now();
    if (isFresh) store.put("states", { lesson: this.name, behind: this.behind }).catch(() => {});
    this.line.hidden = false;
    this.show();
    setInterval(() => this.show(), LOOK_EVERY);
  }

  show() {
    const minutes = Math.max(0, Math.ceil((this.deadline - Date.now() - this.behind) / 60000));
    if (minutes === this.minutes) return;
    this.line.setAttribute("aria-live", ALOUD.indexOf(minutes) >= 0 || !minutes ? "polite" : "off");
    this.minutes = minutes;
    if (!minutes) this.line.textContent = this.words.sayOver;
    else this.line.textContent = minutes === 1 ? this.words.sayLast : this.words.sayLeft.replace("{m}", minutes);
  }
}
