// Shows a package as learners play it: begins it without any record behind it, and gives it the height it asks for.
const TALLEST = 20000;

function watch(frame) {
  window.addEventListener("message", (event) => {
    const message = event.data;
    if (event.source !== frame.contentWindow || !message || message.xiangxue !== 1) return;
    if (message.type === "ready") frame.contentWindow.postMessage(JSON.parse(frame.dataset.begin), frame.dataset.origin);
    if (message.type === "height") resize(frame, message.height);
    if (message.type === "cannot") document.querySelector("[data-cannot]").hidden = false;
  });
  frame.src = frame.dataset.preview;
}

function resize(frame, height) {
  if (Number.isFinite(height) && height > 0) frame.style.height = `${Math.min(Math.ceil(height), TALLEST)}px`;
}

document.querySelectorAll("[data-preview]").forEach(watch);
