// An article as the source of a study: its reading seconds go by while the page is looked at, and never
// further than the text that has been scrolled into view.

const STEP = 1000;

export class Article {
  constructor(root, text) {
    this.text = text;
    this.length = Number(root.dataset.seconds);
    this.share = 0;
    this.read = 0;
  }

  connect(study) {
    this.study = study;
    this.since = performance.now();
    const look = () => requestAnimationFrame(() => this.look());
    window.addEventListener("scroll", look, { passive: true });
    window.addEventListener("resize", look);
    look();
    setInterval(() => this.step(), STEP);
  }

  // How much of the text has been in view, from its beginning.
  look() {
    const box = this.text.getBoundingClientRect();
    if (!box.height) return;
    const seen = (window.innerHeight - box.top) / box.height;
    this.share = Math.max(this.share, Math.min(1, seen));
  }

  step() {
    const now = performance.now();
    const passed = Math.min(2, (now - this.since) / 1000);
    this.since = now;
    const end = Math.floor(this.length * this.share);
    if (document.visibilityState !== "visible" || this.read >= end) return;
    this.read = Math.min(end, this.read + passed);
    this.study.moved();
  }

  // Read on behind what the server holds from the beginning on.
  resume(place, speed, covered) {
    const held = covered.length && covered[0][0] === 0 ? covered[0][1] : 0;
    this.read = Math.max(this.read, held);
    this.from = held;
    if (held && held < this.length && window.scrollY < 10) this.scrollTo(held / this.length);
  }

  // Bring the place where the reading stopped to the middle of the screen.
  scrollTo(share) {
    const box = this.text.getBoundingClientRect();
    window.scrollTo(0, window.scrollY + box.top + box.height * share - window.innerHeight / 2);
  }

  seconds() {
    const from = this.from || 0;
    const to = Math.floor(this.read);
    return to > from ? [[from, to]] : [];
  }

  position() {
    return this.read;
  }
}
