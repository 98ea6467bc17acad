// The film inside an interactive video as the source of a study: the frame says where it stands, and only what ran on
// from one word to the next counts, as with every film.
import { Collector } from "../collector.js";

export class Inside {
  constructor(root) {
    this.collector = new Collector(Number(root.dataset.seconds));
    this.place = 0;
    this.resumed = new Promise((resolve) => {
      this.isThere = resolve;
    });
  }

  connect(study) {
    this.study = study;
  }

  // A film that is not there any more has stopped.
  run(isRunning) {
    if (!isRunning) this.collector.stop();
  }

  // `playing` is false at the moment of a pause or a jump: what ran up to there counts.
  film({ time, rate, playing }) {
    this.place = time;
    if (this.collector.place !== null) this.collector.runTo(time, rate);
    if (playing) {
      if (this.collector.place === null) this.collector.moveTo(time);
      this.study.moved();
      return;
    }
    this.collector.stop();
    this.study.report();
  }

  resume(place, speed) {
    const isOver = place >= this.collector.length - 1;
    this.place = isOver ? 0 : place;
    this.isThere({ position: this.place, speed });
  }

  seconds() {
    return this.collector.seconds();
  }

  position() {
    return this.place;
  }
}
