// A package without a film of its own as the source of a study: the n-th second that it is open and the page is
// visible covers second n of the lesson, whatever was done in it.
import { join, union } from "../ranges.js";

const STEP = 1000;
// A clock that stood still for longer (a phone put away) has shown nothing meanwhile.
const LONGEST_STEP = 2;

export class Stopwatch {
  constructor(root) {
    this.length = Number(root.dataset.seconds);
    this.known = [];
    this.passed = [];
    this.credit = 0;
    this.isRunning = false;
    this.resumed = new Promise((resolve) => {
      this.isThere = resolve;
    });
  }

  connect(study) {
    this.study = study;
    this.since = performance.now();
    setInterval(() => this.step(), STEP);
  }

  // Begun: from now on the clock runs; it stands still while the content cannot be used.
  run(isRunning) {
    this.isRunning = isRunning;
  }

  step() {
    const now = performance.now();
    const passed = Math.min(LONGEST_STEP, (now - this.since) / 1000);
    this.since = now;
    if (!this.isRunning || document.visibilityState !== "visible") return;
    this.credit += passed;
    if (this.credit < 1) return;
    for (; this.credit >= 1; this.credit -= 1) this.cover();
    this.study.moved();
  }

  cover() {
    const second = firstGap(join(this.known, this.passed));
    if (second < this.length) this.passed = union(this.passed, second, second + 1, 0);
  }

  resume(place, speed, covered) {
    this.known = covered;
    this.isThere({ position: 0, speed });
  }

  seconds() {
    return this.passed;
  }

  position() {
    return Math.min(this.length, firstGap(join(this.known, this.passed)));
  }
}

// The first whole second that a set does not hold.
function firstGap(ranges) {
  return ranges.reduce((place, range) => (range[0] <= place && place < range[1] ? range[1] : place), 0);
}
