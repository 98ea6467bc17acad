// The frame in which a package plays on its own origin. Nothing that it says is believed for its own sake: only its own
// window is heard, and only messages of a known shape, of a sensible size and at a sensible pace.
const MOST_A_SECOND = 50;
// A large set may tell of all its questions in one go; the server has a limit of its own.
const MOST_STATEMENTS = 500;
// As much as one upload holds; the server has a limit of its own for each kind.
const MOST_CHARACTERS = 256 * 1024;
const MOST_FILES = 8;
const TALLEST = 20000;
// A height that differs by less is not worth a jump, and two pages that round differently would never come to rest.
const LEAST_STEP = 2;

const isText = (value, most) => typeof value === "string" && value.length <= most;
const isNumber = (value) => typeof value === "number" && Number.isFinite(value);
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isAddress = (value) => isText(value, 400) && /^https?:\/\//.test(value);
const isAnything = () => true;
// What a learner did: where it cannot be taken, that is said.
const DEEDS = ["statement", "commit"];

// What may come, by its type.
const SHAPES = {
  want: ({ addresses }) => Array.isArray(addresses) && addresses.length <= MOST_FILES && addresses.every(isAddress),
  ready: isAnything,
  begun: isAnything,
  leave: isAnything,
  offered: isAnything,
  height: ({ height }) => isNumber(height) && height >= 0,
  cannot: ({ why }) => isText(why, 40),
  statement: ({ statement }) => isObject(statement) && isObject(statement.verb),
  state: ({ key, data }) => isText(key, 120) && (data === null || isText(data, MOST_CHARACTERS)),
  film: ({ time, rate }) => isNumber(time) && time >= 0 && isNumber(rate) && rate > 0,
  opened: ({ sco, session }) => isText(sco, 255) && isText(session, 64),
  commit: ({ sco, session, sequence, cmi }) =>
    isText(sco, 255) && isText(session, 64) && Number.isInteger(sequence) && sequence >= 0 && isObject(cmi),
};

// Whether it is a message of ours that can be worked with.
function isWellFormed(message) {
  if (!isObject(message) || message.xiangxue !== 1 || typeof message.type !== "string") return false;
  if (!Object.prototype.hasOwnProperty.call(SHAPES, message.type) || !SHAPES[message.type](message)) return false;
  try {
    return JSON.stringify(message).length <= MOST_CHARACTERS;
  } catch (error) {
    return false; // what refers to itself cannot be kept anyway
  }
}

export class Frame {
  // `place` is the element that holds the frame; its data- say how it is titled and how far it is locked in.
  constructor(place) {
    this.place = place;
    this.listeners = Object.create(null);
    this.heard = Object.create(null);
    window.addEventListener("message", (event) => this.hear(event));
  }

  on(type, listener) {
    this.listeners[type] = listener;
  }

  // `origin` is where words to the frame may arrive: "*" for one without an origin of its own.
  open(address, origin) {
    this.close();
    const { title, sandbox } = this.place.dataset;
    const element = document.createElement("iframe");
    element.title = title;
    element.setAttribute("sandbox", sandbox);
    element.setAttribute("allow", "autoplay");
    element.setAttribute("allowfullscreen", "");
    element.setAttribute("referrerpolicy", "no-referrer");
    element.addEventListener("load", () => this.told("load", {}));
    element.src = address;
    this.origin = origin;
    this.element = element;
    this.place.hidden = false;
    this.place.appendChild(element);
  }

  close() {
    if (this.element) this.element.remove();
    this.element = null;
  }

  // For good: no empty box stays.
  shut() {
    this.close();
    this.place.hidden = true;
  }

  say(type, values) {
    if (!this.element || !this.element.contentWindow) return;
    this.element.contentWindow.postMessage(Object.assign({ xiangxue: 1, type }, values), this.origin);
  }

  hear({ source, data }) {
    if (!this.element || source !== this.element.contentWindow || this.isFlood(data)) return;
    if (!isWellFormed(data)) {
      if (isObject(data) && DEEDS.indexOf(data.type) >= 0) this.told("unheard", data);
      return;
    }
    if (data.type === "height") this.grow(data.height);
    this.told(data.type, data);
  }

  told(type, message) {
    if (this.listeners[type]) this.listeners[type](message);
  }

  // More of one type within a second than any content means: the rest of that second is let go.
  isFlood(data) {
    const type = data && String(data.type);
    const now = performance.now();
    const heard = this.heard[type];
    if (!heard || now - heard.since >= 1000) {
      // Types that nobody knows are not counted, so that the list cannot grow: they are not heard anyway.
      if (!Object.prototype.hasOwnProperty.call(SHAPES, type)) return false;
      this.heard[type] = { since: now, count: 1 };
      return false;
    }
    heard.count += 1;
    return heard.count > (type === "statement" ? MOST_STATEMENTS : MOST_A_SECOND);
  }

  // The frame is as tall as what it shows; the room that was kept for it is the least.
  grow(height) {
    const wanted = Math.min(TALLEST, Math.ceil(height));
    if (this.place.hasAttribute("data-fixed") || Math.abs(wanted - (this.height || 0)) < LEAST_STEP) return;
    this.height = wanted;
    this.element.style.height = `${wanted}px`;
  }
}
