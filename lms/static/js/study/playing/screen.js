// The whole screen for a package: the browser's own way, or, where it has none (iPhones), a layer over the page that
// closes with a button that can be seen.
export class Screen {
  constructor(box) {
    this.box = box;
    this.opens = box.querySelector("[data-full]");
    this.closes = box.querySelector("[data-full-close]");
    if (!this.opens) return;
    this.opens.hidden = false;
    this.opens.addEventListener("click", () => this.open());
    this.closes.addEventListener("click", () => this.close());
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.isLayer && this.close());
    ["fullscreenchange", "webkitfullscreenchange"].forEach((name) => document.addEventListener(name, () => this.changed()));
  }

  open() {
    const ask = this.box.requestFullscreen || this.box.webkitRequestFullscreen;
    if (!ask) this.layer(true);
    else Promise.resolve(ask.call(this.box)).catch(() => this.layer(true));
  }

  close() {
    if (this.isLayer) this.layer(false);
    else (document.exitFullscreen || document.webkitExitFullscreen).call(document);
  }

  layer(isLayer) {
    this.isLayer = isLayer;
    this.show(isLayer);
  }

  changed() {
    this.show((document.fullscreenElement || document.webkitFullscreenElement) === this.box);
  }

  show(isWhole) {
    if (isWhole === !this.closes.hidden) return;
    this.box.classList.toggle("whole", isWhole);
    // The page behind must not roll away under the finger.
    document.documentElement.classList.toggle("still", isWhole);
    this.closes.hidden = !isWhole;
    (isWhole ? this.closes : this.opens).focus();
  }
}
