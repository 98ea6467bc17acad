// What was really played: only stretches that ran on from one moment to the next; a jump adds nothing.
import { union } from "./ranges.js";

// A second counts as played when all of it ran but so much at either end.
const SLACK = 0.3;
// Time updates come late on slow phones; a step longer than the time that passed is a jump.
const LATE = 0.6;

export class Collector {
  constructor(length) {
    this.length = length;
    this.runs = [];
    this.stop();
  }

  // The playhead stands somewhere new: what lies between was not played.
  moveTo(place) {
    this.place = place;
    this.since = performance.now();
  }

  stop() {
    this.place = null;
  }

  // The playhead has run on to a place, at a rate.
  runTo(place, rate) {
    const from = this.place;
    const passed = ((performance.now() - this.since) / 1000) * rate;
    this.moveTo(place);
    if (from === null || place <= from || place - from > passed + LATE) return;
    this.take(from, place);
  }

  // A stretch that ran.
  take(from, to) {
    this.runs = union(this.runs, from, to, SLACK);
  }

  // Whole seconds played, as half-open pairs.
  seconds() {
    return this.runs
      .map((run) => [
        Math.max(0, Math.ceil(run[0] - SLACK)),
        Math.min(this.length, Math.floor(run[1] + SLACK)),
      ])
      .filter((range) => range[0] < range[1]);
  }
}
