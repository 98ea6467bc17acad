// The scripts and stylesheets of the core and the libraries. A browser keeps nothing for a frame whose origin equals none,
// so the page around hands over what it keeps; what it does not hand over is loaded from its address.

const ABOVE = /url\((['"]?)(\.\.\/[^'")]*)/g;

/** Put all in place, in their order; fulfilled when each has run. `handed` holds a Blob for an address. */
export function load(addresses, handed) {
  const place = (address) => (address.endsWith(".css") ? style : script)(address, handed[address]);
  const isShown = document.readyState === "complete";
  return Promise.all(addresses.map(place)).then(() => {
    // Libraries that wait until the page has been read came after it was.
    document.dispatchEvent(new Event("DOMContentLoaded", { bubbles: true }));
    if (isShown) window.dispatchEvent(new Event("load"));
  });
}

function script(address, blob) {
  const element = document.createElement("script");
  element.async = false; // one after the other
  element.crossOrigin = "anonymous"; // else what is wrong in it stays unsaid
  element.src = blob ? URL.createObjectURL(blob) : address;
  return placed(element).then(() => URL.revokeObjectURL(element.src));
}

function style(address, blob) {
  const element = document.createElement(blob ? "style" : "link");
  if (blob) {
    // A part of this page, so that what it names by its path is found on this host.
    document.head.appendChild(element);
    return new Response(blob).text().then((text) => {
      element.textContent = text.replace(ABOVE, (_, quote, path) => `url(${quote}${new URL(path, address)}`);
    });
  }
  element.rel = "stylesheet";
  element.href = address;
  return placed(element);
}

// One that does not come is told by the page's own listener.
function placed(element) {
  return new Promise((resolve) => {
    element.addEventListener("load", resolve);
    document.head.appendChild(element);
  });
}
