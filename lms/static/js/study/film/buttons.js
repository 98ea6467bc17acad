// The player's own large buttons beside the browser's bar: play, ten seconds back, full screen; and after the
// end, the way on.
const BACK = 10;

export class Buttons {
  constructor(root, media) {
    this.root = root;
    this.media = media;
    this.start = root.querySelector("[data-start]");
    this.toggle = root.querySelector("[data-toggle]");
    this.after = root.querySelector("[data-after]");
    this.connectPlay();
    this.connectFull();
    this.connectAfter();
    this.on("[data-back]", () => {
      media.currentTime = Math.max(0, media.currentTime - BACK);
    });
  }

  on(selector, act) {
    this.root.querySelector(selector).addEventListener("click", act);
  }

  connectPlay() {
    const { media } = this;
    this.on("[data-toggle]", () => (media.paused ? this.play() : media.pause()));
    ["play", "playing", "pause", "ended", "emptied"].forEach((name) => media.addEventListener(name, () => this.look()));
    this.look();
    if (!this.start || !media.paused) return;
    this.start.hidden = false;
    // The browser's bar has nothing to steer before the first tap.
    media.controls = false;
    this.start.addEventListener("click", () => {
      this.play();
      this.toggle.focus({ preventScroll: true });
    });
  }

  play() {
    const promise = this.media.play();
    if (promise) promise.catch(() => {});
  }

  // The one button says what it does now.
  look() {
    const { paused } = this.media;
    this.root.querySelector("[data-when-paused]").hidden = !paused;
    this.root.querySelector("[data-when-playing]").hidden = paused;
    if (paused || !this.start) return;
    this.start.hidden = true;
    this.media.controls = true;
  }

  // A phone shows the film itself on the whole screen, with the bar that its owner knows.
  connectFull() {
    const button = this.root.querySelector("[data-full]");
    const { media } = this;
    const names = ["requestFullscreen", "webkitRequestFullscreen", "webkitEnterFullscreen"];
    const name = names.filter((each) => media[each])[0];
    if (!button || !name) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      try {
        const promise = media[name]();
        if (promise) promise.catch(() => {});
      } catch (error) {
        // An iPhone has nothing to enlarge before the film is there.
      }
    });
  }

  // When the film is over, what comes next stands right under it; nothing moves by itself.
  connectAfter() {
    const next = document.querySelector("[data-next]");
    if (!next) return;
    this.after.href = next.href;
    this.after.textContent = next.textContent;
    this.media.addEventListener("ended", () => {
      this.after.hidden = false;
    });
    this.media.addEventListener("play", () => {
      this.after.hidden = true;
    });
  }
}
