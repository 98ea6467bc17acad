// The signed addresses of a film, and which of them to try, one after the other.

// An address that ends so soon, or in the last tenth of its life, is not begun with.
const MARGIN = 30000;
// The size of whole files for who did not choose.
const SMALL = 240;

export class Sources {
  constructor(address) {
    this.address = address;
    this.given = null;
    this.ahead = 0;
  }

  get isOld() {
    if (!this.given) return true;
    const { expires, now } = this.given;
    return Date.now() + this.ahead > expires - Math.min(MARGIN, (expires - now) / 10);
  }

  // What was given last while it holds, unless it is wanted anew.
  async get(isAnew) {
    if (isAnew || this.isOld) {
      const headers = { Accept: "application/json" };
      const response = await fetch(this.address, { credentials: "same-origin", headers });
      if (!response.ok) throw new Refused(response.status);
      this.given = await response.json();
      this.ahead = this.given.now - Date.now();
    }
    return this.given;
  }
}

// No answer at all is an error without a status.
export class Refused extends Error {
  constructor(status) {
    super(String(status));
    this.status = status;
  }
}

// What can be played for a choice, best first: [{isList, url}]. A size that fails is followed by the next
// smaller one, lists by whole files, and everything by the film as it was uploaded.
export function ladder(given, choice, hasLists, original) {
  const lists = choice === "audio" ? [given.audio_hls] : pictureLists(given, choice);
  const files = choice === "audio" ? [given.m4a && given.m4a.url] : upTo(choice, given.mp4).map((file) => file.url);
  const whole = given.mp4.original ? given.mp4.original.url : original;
  const of = (isList, urls) => urls.filter(Boolean).map((url) => ({ isList, url }));
  return [...of(true, hasLists ? lists : []), ...of(false, [...files, whole])];
}

function pictureLists(given, choice) {
  const least = upTo(Infinity, given.rungs).slice(-1);
  if (choice === "auto") return [given.hls, ...least];
  const fitting = upTo(choice, given.rungs);
  return fitting.length ? fitting : least;
}

// What is kept under sizes no larger than the chosen one, the largest first.
function upTo(choice, bySize) {
  const most = choice === "auto" ? SMALL : Number(choice);
  return Object.keys(bySize)
    .filter((size) => Number(size) <= most)
    .sort((one, other) => Number(other) - Number(one))
    .map((size) => bySize[size]);
}
