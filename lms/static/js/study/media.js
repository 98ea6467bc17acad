// A film or a recording as the source of a study: only what ran on counts, at whatever rate it ran and from
// whatever address.
import { Collector } from "./collector.js";
import { Buttons } from "./film/buttons.js";
import { Captions } from "./film/captions.js";
import { Choices } from "./film/choices.js";
import { Glimpse } from "./film/glimpse.js";
import { showOnLockScreen } from "./film/lockscreen.js";
import { Player } from "./film/player.js";
import { keptAddress } from "./kept.js";

export class Media {
  constructor(root, media) {
    const box = root.querySelector("[data-player]");
    const say = (what, over) => this.say(what, over);
    this.media = media;
    this.says = box.querySelector("[data-says]");
    this.words = this.says.dataset;
    this.collector = new Collector(Number(root.dataset.seconds));
    this.player = new Player(media, box.dataset, () => keptAddress(Number(root.dataset.lesson)), say);
    this.choices = new Choices(box, media, this.player, say);
    this.captions = new Captions(media, box.querySelector("[data-captions]"));
    this.buttons = new Buttons(box, media);
    this.glimpse = new Glimpse(media, box.querySelector("[data-glimpse]"));
    this.player.onSources = ({ captions, thumbnails }) => {
      this.captions.take(captions);
      this.glimpse.take(thumbnails);
    };
    this.player.deck.onLeave = () => this.breakOff();
    showOnLockScreen(media, media.getAttribute("aria-label"));
    box.querySelector("[data-controls]").hidden = false;
  }

  connect(study) {
    this.study = study;
    const { media } = this;
    media.addEventListener("playing", () => this.goOn());
    media.addEventListener("timeupdate", () => this.run());
    media.addEventListener("seeking", () => this.collector.stop());
    media.addEventListener("seeked", () => media.paused || this.goOn());
    media.addEventListener("emptied", () => this.collector.stop());
    media.addEventListener("pause", () => this.rest());
    media.addEventListener("ended", () => this.rest());
    this.player.rest();
    this.takeEarly();
  }

  // The browser's own bar was there before this script: what ran by it counts, and runs on.
  takeEarly() {
    const { played, paused } = this.media;
    for (let n = 0; n < played.length; n += 1) this.collector.take(played.start(n), played.end(n));
    if (!paused) this.goOn();
  }

  // Something about the film in words; "" takes it back, or only what is named in `over`.
  say(what, over) {
    if (over && over.indexOf(this.said) < 0) return;
    this.said = what;
    this.says.hidden = !what;
    this.says.textContent = what ? this.words[`say${what[0].toUpperCase()}${what.slice(1)}`] : "";
  }

  // Stand where the learner stopped, and offer the speeds that the rules allow.
  resume(place, speed) {
    const { media } = this;
    this.choices.learn(speed);
    if (!place || place >= this.collector.length - 1 || media.currentTime > 1) return;
    this.player.deck.startAt(place);
    this.study.page.goesOnFrom(clock(place));
    media.addEventListener("playing", () => this.study.page.goesOnFrom(""), { once: true });
  }

  goOn() {
    if (this.collector.place === null && !this.player.deck.isMoving) this.collector.moveTo(this.media.currentTime);
  }

  run() {
    const { media } = this;
    if (media.seeking || this.collector.place === null) return;
    this.collector.runTo(media.currentTime, media.playbackRate);
    this.study.moved();
  }

  // The film goes on from another address: what ran up to here counts, what lies between does not.
  breakOff() {
    this.run();
    this.collector.stop();
  }

  rest() {
    this.breakOff();
    this.study.report();
  }

  seconds() {
    return this.collector.seconds();
  }

  // A film that is not loaded yet already stands where the learner stopped.
  position() {
    return this.media.ended ? 0 : this.player.deck.place;
  }
}

function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}
