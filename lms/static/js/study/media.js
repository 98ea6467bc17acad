// A film or a recording as the source of a study: only what ran on counts, at whatever rate it ran.
import { Collector } from "./collector.js";

const BACK = 10;

export class Media {
  constructor(root, media) {
    this.media = media;
    this.collector = new Collector(Number(root.dataset.seconds));
    this.start = root.querySelector("[data-start]");
    this.controls = root.querySelector("[data-controls]");
    this.speeds = root.querySelector("[data-speeds]");
  }

  connect(study) {
    this.study = study;
    const { media } = this;
    media.addEventListener("playing", () => this.goOn());
    media.addEventListener("timeupdate", () => this.run());
    media.addEventListener("seeking", () => this.collector.stop());
    media.addEventListener("seeked", () => media.paused || this.goOn());
    media.addEventListener("pause", () => this.rest());
    media.addEventListener("ended", () => this.rest());
    this.show();
  }

  // The site's own buttons, which do nothing without scripts and are hidden until now.
  show() {
    const { media } = this;
    if (this.controls) {
      this.controls.hidden = false;
      this.controls.querySelector("[data-back]").addEventListener("click", () => {
        media.currentTime = Math.max(0, media.currentTime - BACK);
      });
      this.speeds.addEventListener("change", () => {
        media.playbackRate = Number(this.speeds.value);
      });
    }
    if (this.start) {
      this.start.hidden = false;
      this.start.addEventListener("click", () => media.play());
      media.addEventListener("play", () => {
        this.start.hidden = true;
      });
    }
  }

  // Stand where the learner stopped; a browser that knows no length yet is told again when it does.
  resume(place, speed) {
    const { media } = this;
    this.speeds.querySelectorAll("option").forEach((option) => {
      if (Number(option.value) > Math.max(1, speed)) option.remove();
    });
    if (!place || place >= this.collector.length - 1 || media.currentTime > 1) return;
    this.kept = place;
    const stand = () => {
      if (media.currentTime < 1) media.currentTime = place;
    };
    media.addEventListener("loadedmetadata", stand, { once: true });
    if (media.readyState) stand();
    this.study.page.goesOnFrom(clock(place));
    media.addEventListener("play", () => this.study.page.goesOnFrom(""), { once: true });
  }

  goOn() {
    if (this.collector.place === null) this.collector.moveTo(this.media.currentTime);
  }

  run() {
    const { media } = this;
    if (media.seeking || this.collector.place === null) return;
    this.collector.runTo(media.currentTime, media.playbackRate);
    this.study.moved();
  }

  rest() {
    this.run();
    this.collector.stop();
    this.study.report();
  }

  seconds() {
    return this.collector.seconds();
  }

  // A film that was not loaded yet still stands where the learner stopped.
  position() {
    const { media } = this;
    if (media.ended) return 0;
    return media.readyState ? media.currentTime : this.kept || 0;
  }
}

function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}
