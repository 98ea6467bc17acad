// Puts one address after the other under the same film. Whoever watches sees one film: it goes on at the same
// place and at the same rate, playing or paused as it was.
import { ENGINE } from "./browser.js";
import { engine } from "./engine.js";

const SETTINGS = {
  // Its worker comes from a blob, which the page's policy forbids.
  enableWorker: false,
  capLevelToPlayerSize: true,
  // Begin as for a poor line; it climbs by itself.
  abrEwmaDefaultEstimate: 300000,
  maxMaxBufferLength: 60,
  backBufferLength: 30,
};

export class Deck {
  // `listPlayer` plays lists; `onFail` is told once for each address that cannot be played (any further).
  constructor(media, listPlayer, engineAddress, onFail) {
    this.media = media;
    this.listPlayer = listPlayer;
    this.engineAddress = engineAddress;
    this.onFail = onFail;
    this.onLeave = () => {};
    this.pending = null;
    this.hls = null;
    media.addEventListener("loadedmetadata", () => this.stand());
    media.addEventListener("seeked", () => this.stood());
    media.addEventListener("playing", () => this.stand());
    media.addEventListener("error", () => this.hls || this.fail());
    this.isWanted = !media.paused;
    media.addEventListener("play", () => {
      this.isWanted = true;
    });
    // A browser also pauses what failed; nobody wanted that.
    media.addEventListener("pause", () => {
      this.isWanted = !media.paused || Boolean(media.error);
    });
  }

  // Where the film stands, or will as soon as it is loaded.
  get place() {
    return this.pending === null ? this.media.currentTime : this.pending;
  }

  // On the way to that place: what runs meanwhile was not asked for.
  get isMoving() {
    return this.pending !== null;
  }

  // Stand at a place as soon as there is something to stand in.
  startAt(place) {
    if (this.place > 1) return;
    this.pending = place;
    if (this.media.readyState) this.stand();
  }

  stand() {
    if (this.pending === null) return;
    const { media } = this;
    const end = media.duration ? media.duration - 0.5 : this.pending;
    media.currentTime = Math.max(0, Math.min(this.pending, end));
  }

  // Some browsers take a first jump for nothing; then "playing" asks for it again.
  stood() {
    if (Math.abs(this.media.currentTime - this.pending) < 2 || this.wasAsked) this.pending = null;
    this.wasAsked = true;
  }

  async ready(source) {
    if (source.isList && this.listPlayer === ENGINE) this.Hls = await engine(this.engineAddress);
  }

  put(source) {
    const { media, place } = this;
    const { isWanted } = this;
    this.onLeave();
    this.clear();
    this.pending = place > 0 ? place : null;
    this.wasAsked = false;
    this.begun = place;
    this.hasFailed = false;
    if (source.isList && this.listPlayer === ENGINE) this.run(source.url, place);
    else media.src = source.url;
    if (isWanted) this.play();
  }

  play() {
    const promise = this.media.play();
    // Where it may not start by itself, the button still does.
    if (promise) promise.catch(() => {});
  }

  clear() {
    if (this.hls) this.hls.destroy();
    this.hls = null;
  }

  // Nothing is under the film any more; it keeps its place, and a tap on play is heard.
  empty() {
    const { media, place } = this;
    this.onLeave();
    this.clear();
    media.removeAttribute("src");
    media.load();
    this.pending = place > 0 ? place : null;
  }

  run(url, place) {
    const { Hls } = this;
    this.hls = new Hls(Object.assign({ startPosition: place > 0 ? place : -1 }, SETTINGS));
    let isMended = false;
    this.hls.on(Hls.Events.ERROR, (event, fault) => {
      const status = fault.response ? fault.response.code : 0;
      if (fault.fatal && fault.type === Hls.ErrorTypes.MEDIA_ERROR && !isMended) {
        isMended = true;
        this.hls.recoverMediaError();
      } else if (fault.fatal || (status >= 400 && status < 500)) {
        this.hls.stopLoad();
        this.fail();
      }
    });
    this.hls.loadSource(url);
    this.hls.attachMedia(this.media);
  }

  // How much ran since the present address was put: an address that has carried a while was good.
  get carried() {
    return Math.abs(this.place - this.begun);
  }

  fail() {
    if (this.hasFailed) return;
    this.hasFailed = true;
    this.onFail();
  }
}
