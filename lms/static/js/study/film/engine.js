// hls.js, which plays lists of pieces where the browser cannot; fetched once, when it is first needed.
let coming = null;

export function engine(address) {
  if (!coming) {
    coming = fetched(address);
    coming.catch(() => {
      coming = null;
    });
  }
  return coming;
}

function fetched(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => (window.Hls && window.Hls.isSupported() ? resolve(window.Hls) : reject(new NoEngine()));
    script.onerror = () => reject(new NoEngine());
    document.head.appendChild(script);
  });
}

export class NoEngine extends Error {}
