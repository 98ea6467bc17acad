// A small picture of the place that the finger is on, where the film itself takes a while to be there.
import { isThrifty } from "./browser.js";

// A jump that is done by then needs no picture.
const AFTER = 200;

export class Glimpse {
  // `strip` (from the server) is one picture of many: {url, width, height, columns, every_seconds, count}.
  constructor(media, box) {
    this.media = media;
    this.box = box;
    this.strip = null;
    if (!box || isThrifty()) return;
    media.addEventListener("seeking", () => this.wait());
    ["seeked", "playing", "emptied"].forEach((name) => media.addEventListener(name, () => this.hide()));
  }

  take(strip) {
    // The first is as good as the next, and on the phone already.
    this.strip = this.strip || strip;
  }

  wait() {
    if (!this.strip) return;
    if (!this.box.hidden) this.show();
    else if (!this.timer) this.timer = setTimeout(() => this.show(), AFTER);
  }

  show() {
    const { url, width, height, columns, every_seconds: every, count } = this.strip;
    const number = Math.max(0, Math.min(count - 1, Math.floor(this.media.currentTime / every)));
    const { style } = this.box;
    style.width = `${width}px`;
    style.height = `${height}px`;
    style.backgroundImage = `url("${url}")`;
    style.backgroundPosition = `${-width * (number % columns)}px ${-height * Math.floor(number / columns)}px`;
    this.box.hidden = false;
  }

  hide() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.box.hidden = true;
  }
}
