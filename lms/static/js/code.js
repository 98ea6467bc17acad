// Keeps the code on the organiser's screen fresh: asks for the page again when the code has run out, and puts the
// new one in its place. Without a network the old one is greyed, because it opens nothing any more.
const RETRY_SECONDS = 5;

function later(seconds) {
  setTimeout(renew, seconds * 1000);
}

async function renew() {
  const shown = document.querySelector("[data-code]");
  const response = await fetch(window.location.href, { credentials: "same-origin" }).catch(() => null);
  if (!response || !response.ok || response.redirected) {
    shown.setAttribute("data-is", "old");
    later(RETRY_SECONDS);
    return;
  }
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.querySelector("[data-code]");
  if (!fresh) {
    window.location.reload();
    return;
  }
  shown.replaceWith(fresh);
  later(Number(fresh.dataset.seconds) + 0.5);
}

const first = document.querySelector("[data-code]");
if (first) later(Number(first.dataset.seconds) + 0.5);
