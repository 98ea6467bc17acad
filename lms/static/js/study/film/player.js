// Plays a film: from the copy on the phone, else from the addresses that the server gives, in the size that was
// chosen, and through whatever happens to the network.
import { ENGINE, enginePlayer, ITSELF, listPlayer } from "./browser.js";
import { Deck } from "./deck.js";
import { NoEngine } from "./engine.js";
import { ladder, Sources } from "./sources.js";

const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 30000;
// Seconds of film that show that an address was good when it failed.
const CARRIED = 3;
// A film that waits longer than this may have lost its address without being told.
const STALLED = 30000;
// What is no longer so once the film runs.
const TRANSIENT = ["offline", "busy", "none", "login"];

export class Player {
  // `say(what)` tells the learner; `kept()` gives the address of a copy on the phone, or null.
  constructor(media, data, kept, say) {
    this.media = media;
    this.kept = kept;
    this.say = say;
    this.original = media.getAttribute("src");
    this.sources = new Sources(data.sources);
    this.deck = new Deck(media, listPlayer(media), data.engine, () => this.failed());
    this.choice = media.tagName === "AUDIO" ? "audio" : "auto";
    this.turn = 0;
    this.pause = FIRST_PAUSE;
    this.onSources = () => {};
    this.again();
    this.listen();
  }

  listen() {
    const { media } = this;
    media.addEventListener("play", () => this.start());
    media.addEventListener("waiting", () => this.watch());
    media.addEventListener("playing", () => this.runs());
    window.addEventListener("online", () => (this.isLost ? this.load(true) : this.say("", TRANSIENT)));
    window.addEventListener("offline", () => this.isStarted && !this.copy && this.say("offline"));
  }

  // Nothing is fetched before the first tap: the page gives up the uploaded film for what suits the phone.
  rest() {
    this.isStarted = !this.media.paused || this.media.currentTime > 0;
    if (!this.isStarted) this.deck.empty();
  }

  async start() {
    if (this.isStarted && !this.isStuck) return;
    this.again();
    this.isStarted = true;
    const { turn } = this;
    const copy = await this.kept().catch(() => null);
    // A size was chosen meanwhile.
    if (turn !== this.turn) return;
    this.copy = copy;
    if (copy) this.say("kept");
    await this.load(false);
  }

  // From the best address of the choice on.
  again() {
    this.step = 0;
    this.strikes = 0;
    this.isStuck = false;
    this.isRefused = false;
  }

  choose(choice) {
    this.choice = choice;
    this.copy = null;
    this.say("");
    this.again();
    if (this.isStarted) this.load(false);
  }

  async load(isAnew) {
    this.turn += 1;
    const { turn } = this;
    this.isLost = false;
    clearTimeout(this.timer);
    try {
      const source = await this.source(isAnew);
      if (source) await this.deck.ready(source);
      if (turn !== this.turn) return;
      if (source) this.deck.put(source);
      else this.giveUp("none");
    } catch (error) {
      if (turn === this.turn) this.missed(error, isAnew);
    }
  }

  async source(isAnew) {
    if (this.copy) return { isList: false, url: this.copy };
    if (this.isRefused) return this.step ? null : { isList: false, url: this.original };
    const given = await this.sources.get(isAnew);
    this.onSources(given);
    return ladder(given, this.choice, Boolean(this.deck.listPlayer), this.original)[this.step];
  }

  // No address came. A server that knows none leaves the film as it was uploaded; anything else is tried again.
  missed(error, isAnew) {
    if (error instanceof NoEngine) {
      this.deck.listPlayer = "";
      this.load(isAnew);
    } else if (error.status && !isAnew) {
      this.load(true);
    } else if (error.status === 401) {
      this.giveUp("login");
    } else if (error.status && error.status < 500 && error.status !== 429) {
      this.again();
      this.isRefused = true;
      this.load(true);
    } else {
      this.isLost = true;
      this.say(error.status ? "busy" : "offline");
      this.timer = setTimeout(() => this.load(true), this.pause);
      this.pause = Math.min(LONGEST_PAUSE, this.pause * 2);
    }
  }

  // An address failed: the same once more, signed anew, then by the engine, then the next one down.
  failed() {
    if (this.copy) {
      this.copy = null;
      this.say("");
    } else {
      if (this.deck.carried > CARRIED) this.strikes = 0;
      this.strikes += 1;
      if (this.strikes > 1) this.lower();
    }
    this.load(true);
  }

  lower() {
    this.strikes = 0;
    if (this.deck.listPlayer === ITSELF && enginePlayer()) {
      this.deck.listPlayer = ENGINE;
    } else {
      this.step += 1;
      this.say("lower");
    }
  }

  giveUp(why) {
    this.isStuck = true;
    this.say(why);
    this.media.pause();
    this.deck.empty();
  }

  // Not every browser says that an address has ended or that the line is dead: it only waits.
  watch() {
    clearTimeout(this.stall);
    if (!this.isStarted || this.copy || this.isLost) return;
    if (this.sources.given && this.sources.isOld) this.load(true);
    else if (this.deck.listPlayer !== ENGINE) this.stall = setTimeout(() => this.load(true), STALLED);
  }

  runs() {
    clearTimeout(this.stall);
    this.pause = FIRST_PAUSE;
    if (!this.isLost) this.say("", TRANSIENT);
  }
}
