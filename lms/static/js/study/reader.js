// A text or a document as the source of a study. The lesson's seconds lie along it; a second is read while its
// place is on the screen and the clock runs: never faster, from top to bottom, and nothing that was jumped over.
import { join, union } from "./ranges.js";

const STEP = 1000;
// A clock that stood still for longer (a phone put away) has read nothing meanwhile.
const LONGEST_STEP = 2;
// A picture or a rule between paragraphs wants to be looked at too, as many characters as that takes.
const LEAST_CHARACTERS = 20;

export class Reader {
  constructor(root, text) {
    this.text = text;
    this.length = Number(root.dataset.seconds);
    this.stretches = text.querySelector("[data-from]") ? given(text) : laid(text, this.length);
    this.read = [];
    this.known = [];
    this.place = 0;
    this.credit = 0;
    this.gap = document.querySelector("[data-gap]");
  }

  connect(study) {
    this.study = study;
    this.since = performance.now();
    setInterval(() => this.step(), STEP);
    if (this.gap) this.gap.addEventListener("click", () => this.goTo(this.jumpedOver()));
  }

  step() {
    const now = performance.now();
    this.credit += Math.min(LONGEST_STEP, (now - this.since) / 1000);
    this.since = now;
    const seen = document.visibilityState === "visible" ? this.onScreen() : [];
    const unread = this.unread(seen);
    this.offer(seen, unread);
    const whole = Math.min(Math.floor(this.credit), unread.length);
    // Time spent on what was read before is not saved up for what comes.
    this.credit = unread.length ? this.credit - whole : 0;
    if (!whole) return;
    unread.slice(0, whole).forEach((second) => {
      this.read = union(this.read, second, second + 1, 0);
    });
    this.place = unread[whole - 1] + 1;
    this.study.moved();
  }

  // The seconds that are on the screen, as pairs that need not be whole.
  onScreen() {
    const height = window.innerHeight;
    return this.stretches.reduce((seen, stretch) => {
      const box = stretch.element.getBoundingClientRect();
      if (!box.height || box.bottom <= 0 || box.top >= height || !isThere(stretch.element)) return seen;
      const long = stretch.to - stretch.from;
      const from = stretch.from + (long * Math.max(0, -box.top)) / box.height;
      const to = stretch.from + (long * Math.min(box.height, height - box.top)) / box.height;
      seen.push([from, to]);
      return seen;
    }, []);
  }

  // Whole seconds on the screen that nobody counted yet: those of which the middle is seen.
  unread(seen) {
    const counted = join(this.known, this.read);
    const found = [];
    seen.forEach((range) => {
      for (let second = Math.ceil(range[0] - 0.5); second + 0.5 < range[1] && second < this.length; second += 1) {
        if (second >= 0 && !holds(counted, second)) found.push(second);
      }
    });
    return found;
  }

  // Whoever has nothing more to read here, but jumped over something, is shown the way back.
  offer(seen, unread) {
    if (!this.gap || !seen.length) return;
    this.seen = seen[0][0];
    this.gap.hidden = this.study.isFinished || unread.length > 0 || this.jumpedOver() === null;
  }

  // The first second before what is on the screen that was not read, or null.
  jumpedOver() {
    const counted = join(this.known, this.read);
    for (let second = 0; second + 0.5 < this.seen; second += 1) {
      if (!holds(counted, second)) return second;
    }
    return null;
  }

  goTo(second) {
    if (second === null) return;
    const { starts, addresses } = this.text.dataset;
    if (this.stretches.some((each) => second >= Math.floor(each.from) && second < each.to)) this.scrollTo(second);
    else if (starts) window.location.assign(addresses.split(" ")[partAt(starts.split(",").map(Number), second) - 1]);
  }

  // Go on where the reading stopped, unless the reader is somewhere already.
  resume(place, speed, covered) {
    this.known = covered;
    if (!place || place >= this.length - 1) return;
    this.place = Math.max(this.place, place);
    if (window.scrollY >= 10 || window.location.hash) return;
    const { part, starts, addresses } = this.text.dataset;
    if (starts && !this.isChosen()) {
      const wanted = partAt(starts.split(",").map(Number), place);
      if (wanted !== Number(part) && navigator.onLine) {
        window.location.replace(addresses.split(" ")[wanted - 1]);
        return;
      }
    }
    this.scrollTo(place);
  }

  // Whoever came to a certain part, or to a certain piece of it, wants to be there.
  isChosen() {
    return /[?&]part=/.test(window.location.search);
  }

  // Bring a place to the upper third of the screen.
  scrollTo(place) {
    const stretch = this.stretches.find((each) => place >= each.from && place < each.to);
    if (!stretch) return;
    const box = stretch.element.getBoundingClientRect();
    const into = (box.height * (place - stretch.from)) / (stretch.to - stretch.from);
    const top = window.scrollY + box.top + into - window.innerHeight / 3;
    if (top > 0) window.scrollTo(0, top);
  }

  seconds() {
    return this.read;
  }

  position() {
    return this.place;
  }
}

// A document says where the seconds of its pieces lie.
function given(text) {
  return Array.from(text.querySelectorAll("[data-from]")).map((element) => ({
    element,
    from: Number(element.dataset.from),
    to: Number(element.dataset.to),
  }));
}

// Along an article they lie by the amount of text, the same on every phone.
function laid(text, length) {
  const parts = Array.from(text.children).map((element) => ({
    element,
    weight: Math.max(LEAST_CHARACTERS, element.textContent.replace(/\s/g, "").length),
  }));
  const whole = parts.reduce((sum, part) => sum + part.weight, 0);
  let before = 0;
  return parts.map(({ element, weight }) => {
    const from = (length * before) / whole;
    before += weight;
    return { element, from, to: (length * before) / whole };
  });
}

// A page whose picture has not come yet shows nothing that could be read.
function isThere(element) {
  const picture = element.querySelector("img");
  return !picture || (picture.complete && picture.naturalWidth > 0);
}

function holds(ranges, second) {
  return ranges.some((range) => range[0] <= second && second < range[1]);
}

// The number of the part in which a second lies, counted from 1.
function partAt(starts, second) {
  return starts.filter((start) => start <= second).length || 1;
}
