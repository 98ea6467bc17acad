// What the page around a content wants of its looks, in the terms of H5P's own style sheets.

// H5P takes the margins off a content without a frame, since pages have them: at a phone's edge there are none.
const ROOM = `@media (max-width: 39.99em) {
  .h5p-no-frame > .h5p-question, .h5p-no-frame > .h5p-container > .questionset,
  .h5p-no-frame > .h5p-container > .questionset-results { box-sizing: border-box; padding: 0 16px; }
}`;
// H5P writes the row below a content in 12 px, and 25 px high: too small to be read, and for a thumb.
const ROW = `.h5p-content ul.h5p-actions { height: auto; overflow: hidden; font-size: .875em; }
.h5p-content .h5p-actions button { align-items: center; min-height: 44px; color: #544d44; }`;
// Contents measure in this size. Behind what an interactive video sets by itself, which grows with its film.
const ELDER = `html.h5p-iframe .h5p-content { font-size: 22px; }
.h5p-content ul.h5p-actions { font-size: 1em; }
.h5p-content .h5p-actions button { min-height: 60px; }`;

/** Before the content is begun; `isElder`: the page is in its elder version. */
export function dress({ isElder }) {
  const style = document.createElement("style");
  style.textContent = ROOM + ROW + (isElder ? ELDER : "");
  document.head.appendChild(style);
}
