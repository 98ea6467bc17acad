// What this browser can do, and what its line can bear.
const LIST = "application/vnd.apple.mpegurl";
const PIECES = 'video/mp4; codecs="avc1.42E01E,mp4a.40.2"';

export const ITSELF = "itself";
export const ENGINE = "engine";

// Who plays a list of pieces (HLS): the browser itself, our engine in it, or nobody ("").
export function listPlayer(media) {
  return media.canPlayType(LIST) ? ITSELF : enginePlayer();
}

// Who plays them when the browser itself does not.
export function enginePlayer() {
  return window.MediaSource && MediaSource.isTypeSupported(PIECES) ? ENGINE : "";
}

// The owner saves data, or the line is too slow for more than the smallest size.
export function isThrifty() {
  const line = navigator.connection;
  return Boolean(line && (line.saveData || /2g$/.test(line.effectiveType || "")));
}
