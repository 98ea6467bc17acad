// Watches background work: every [data-job] asks for its status and the page is fetched again when one ends.
// A request that is lost is asked again after a pause that grows.
const PAUSE = 1000;
const LONGEST_PAUSE = 30000;

async function watch(element, pause) {
  const response = await fetch(element.dataset.job, { credentials: "same-origin", headers: { Accept: "application/json" } }).catch(() => null);
  if (response && response.status === 404) return;
  const job = response && response.ok ? await response.json().catch(() => null) : null;
  if (job && (job.status === "DONE" || job.status === "FAILED")) {
    window.location.reload();
    return;
  }
  if (job) show(element, job.percent);
  const next = job ? PAUSE : Math.min(2 * pause, LONGEST_PAUSE);
  setTimeout(() => watch(element, next), next);
}

function show(element, percent) {
  const bar = element.querySelector(".bar rect");
  if (bar) bar.setAttribute("width", `${percent}%`);
  const text = element.querySelector("[role=status] span");
  if (text) text.textContent = `${percent} %`;
}

document.querySelectorAll("[data-job]").forEach((element) => watch(element, PAUSE));
