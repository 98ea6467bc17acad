// What the learner chooses and the phone remembers: the size and the speed.
import { isThrifty } from "./browser.js";
import { recall, remember } from "./memory.js";

export class Choices {
  constructor(root, media, player, say) {
    this.root = root;
    this.media = media;
    this.player = player;
    this.say = say;
    this.sizes = root.querySelector("[data-sizes]");
    this.speeds = root.querySelector("[data-speeds]");
    this.pace = root.querySelector("[data-pace]");
    this.paces = Array.from(this.speeds.options);
    if (this.sizes) this.connectSizes();
    this.connectSpeeds();
    this.fold();
  }

  connectSizes() {
    const offered = Array.from(this.sizes.options).map((option) => option.value);
    const pictures = offered.map(Number).filter(Boolean);
    const wanted = recall("size");
    if (offered.indexOf(wanted) >= 0) {
      this.choose(wanted);
    } else if (isThrifty() && pictures.length) {
      this.choose(String(Math.min(...pictures)));
      this.say("thrifty");
    }
    this.sizes.addEventListener("change", () => {
      remember("size", this.sizes.value);
      this.choose(this.sizes.value);
    });
  }

  choose(size) {
    this.sizes.value = size;
    this.player.choose(size);
    const sound = this.root.querySelector("[data-sound]");
    if (sound) sound.hidden = size !== "audio";
  }

  connectSpeeds() {
    this.allow(Number(recall("fastest")) || 1);
    this.speeds.addEventListener("change", () => {
      remember("speed", this.speeds.value);
      this.run();
    });
  }

  // The rules say how fast a film may run and still count; nothing faster is offered.
  allow(fastest) {
    this.fastest = Math.max(1, fastest);
    const wanted = recall("speed") || "1";
    this.speeds.textContent = "";
    this.paces
      .filter((option) => Number(option.value) <= this.fastest)
      .forEach((option) => this.speeds.appendChild(option));
    const isOffered = this.paces.some((option) => option.parentNode && option.value === wanted);
    this.speeds.value = isOffered ? wanted : "1";
    this.run();
  }

  // A new address would begin at the default rate, so that one is set too.
  run() {
    const rate = Number(this.speeds.value);
    this.media.defaultPlaybackRate = rate;
    this.media.playbackRate = rate;
    const { sayFast, saySlow, sayNormal } = this.pace.dataset;
    const words = rate < 1 ? saySlow : this.fastest > 1 ? sayFast : sayNormal;
    this.pace.textContent = words.replace("{most}", String(this.fastest));
  }

  learn(fastest) {
    remember("fastest", fastest);
    this.allow(fastest);
  }

  // The elder version shows the few things that are always wanted; the rest opens with a tap.
  fold() {
    const more = this.root.querySelector("[data-more]");
    if (more) more.open = !document.documentElement.hasAttribute("data-elder");
  }
}
