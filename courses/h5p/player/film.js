// The content's own film: what plays of it is told, and no faster than allowed.

const EVERY_MS = 200;
const HEARD = ["timeupdate", "play", "pause", "seeked", "ended", "ratechange"];

/** Follow the first film; `tell({time, rate, playing})`. It begins at `position` (seconds) if that is not 0. */
export function followFilm(content, { position, speed, tell, fail }) {
  let film = null;
  let toldAt = 0;
  let from = position;

  function report(isAsked) {
    const now = Date.now();
    if (!isAsked && now - toldAt < EVERY_MS) return;
    toldAt = now;
    tell({ time: film.currentTime, rate: film.playbackRate, playing: !film.paused && !film.ended });
  }
  function heard(event) {
    const it = event.target;
    if (!(it instanceof HTMLVideoElement)) return;
    if (speed && it.playbackRate > speed) it.playbackRate = speed;
    if (film === null || !film.isConnected) film = content.querySelector("video");
    if (it === film) report(event.type !== "timeupdate");
  }
  function loaded(event) {
    if (!from || event.target !== content.querySelector("video")) return;
    if (event.target.duration > from) event.target.currentTime = from;
    from = 0;
  }
  function failed(event) {
    const it = event.target;
    const isLastSource = it instanceof HTMLSourceElement && !it.nextElementSibling;
    // Without a picture or a sound beside it, the film still runs.
    if ((isLastSource ? it.parentNode : it) !== content.querySelector("video")) return;
    if (isLastSource || (it instanceof HTMLMediaElement && it.error)) fail();
  }
  for (const name of HEARD) content.addEventListener(name, heard, true);
  content.addEventListener("loadedmetadata", loaded, true);
  content.addEventListener("error", failed, true);
}
