// The film's title and its buttons on the phone's locked screen, where the browser offers that.
const BACK = 10;

export function showOnLockScreen(media, title) {
  const session = navigator.mediaSession;
  if (!session || !window.MediaMetadata) return;
  media.addEventListener("playing", () => {
    const artwork = media.poster ? [{ src: media.poster }] : [];
    session.metadata = new MediaMetadata({ title, artwork });
  });
  const acts = {
    play: () => media.play(),
    pause: () => media.pause(),
    seekbackward: () => {
      media.currentTime = Math.max(0, media.currentTime - BACK);
    },
  };
  Object.keys(acts).forEach((name) => {
    try {
      session.setActionHandler(name, acts[name]);
    } catch (error) {
      // An older browser does not know this one.
    }
  });
}
