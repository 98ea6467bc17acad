// The signed addresses of a film, and which of them to try, one after the other.

// An address that ends so soon, or in the last tenth of its life, is not begun with.
const MARGIN = 30000;

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
      this.given = JSON.parse(await textOf(this.address));
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

async function textOf(address) {
  const response = await fetch(address, { credentials: "same-origin", headers: { Accept: "application/json, */*" } });
  if (!response.ok) throw new Refused(response.status);
  return response.text();
}

// The sizes of a master list: [{size, url}], size as people call it (240, 480, ...), the smallest first.
export async function rungsOf(master) {
  const text = await textOf(master);
  const rungs = [];
  const lines = text.split(/\r?\n/);
  lines.forEach((line, index) => {
    const found = /^#EXT-X-STREAM-INF:.*RESOLUTION=(\d+)x(\d+)/.exec(line);
    if (found) {
      const url = new URL(lines[index + 1], new URL(master, document.baseURI)).href;
      rungs.push({ size: Math.min(Number(found[1]), Number(found[2])), url });
    }
  });
  return rungs.sort((one, other) => one.size - other.size);
}

// What can be played for a choice, best first: [{isList, url}]. A size that fails is followed by the next
// smaller one, lists by whole files, and everything by the film as it was uploaded.
export function ladder(given, choice, rungs, hasLists, original) {
  const lists = choice === "audio" ? [given.audio_hls] : pictureLists(given, choice, rungs);
  const files = choice === "audio" ? [given.m4a && given.m4a.url] : pictureFiles(given, choice);
  const whole = given.mp4.original ? given.mp4.original.url : original;
  const of = (isList, urls) => urls.filter(Boolean).map((url) => ({ isList, url }));
  return [...of(true, hasLists ? lists : []), ...of(false, [...files, whole])];
}

function pictureLists(given, choice, rungs) {
  const downward = rungs.slice().reverse();
  const least = downward.slice(-1).map((rung) => rung.url);
  if (choice === "auto") return [given.hls, ...least];
  const fitting = downward.filter((rung) => rung.size <= Number(choice)).map((rung) => rung.url);
  return fitting.length ? fitting : least;
}

function pictureFiles(given, choice) {
  const most = choice === "auto" ? 240 : Number(choice);
  return Object.keys(given.mp4)
    .filter((size) => Number(size) <= most)
    .sort((one, other) => Number(other) - Number(one))
    .map((size) => given.mp4[size].url);
}
