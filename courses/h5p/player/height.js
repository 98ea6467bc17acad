// How tall the content is: told when it changed, once things are quiet.

const QUIET_MS = 60;
const STILL_MS = 1000;

/** Tell the height of an element (whole CSS pixels) at every change; `isFree()`: nothing is in full screen. */
export function watchHeight(element, tell, isFree) {
  let told = 0;
  let before = 0;
  let toldAt = 0;
  let waiting = 0;

  function measure() {
    waiting = 0;
    if (!isFree()) return;
    const height = Math.ceil(element.getBoundingClientRect().height);
    if (!height || height === told) return;
    // A content that measures the frame which measures it: the taller of the two stays.
    if (height === before && height < told && Date.now() - toldAt < STILL_MS) return;
    [before, told, toldAt] = [told, height, Date.now()];
    tell(height);
  }
  function soon() {
    if (!waiting) waiting = setTimeout(measure, QUIET_MS);
  }

  if (typeof ResizeObserver === "function") new ResizeObserver(soon).observe(element);
  else setInterval(soon, 500);
  soon();
}

/** Contents are laid out anew when the width changed; a new height is their own doing. */
export function mindWidthOnly(isFree) {
  let width = window.innerWidth;
  let wasFree = true;
  window.addEventListener(
    "resize",
    (event) => {
      const isSame = window.innerWidth === width && isFree() && wasFree;
      [width, wasFree] = [window.innerWidth, isFree()];
      if (isSame && event.isTrusted) event.stopImmediatePropagation();
    },
    true,
  );
}
