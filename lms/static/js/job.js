// Watches background work: every [data-job] asks for its status and the page is fetched again when one ends.
const PAUSE = 1000;

async function watch(element) {
  const response = await fetch(element.dataset.job, { headers: { Accept: "application/json" } });
  if (!response.ok) return;
  const job = await response.json();
  if (job.status === "DONE" || job.status === "FAILED") {
    window.location.reload();
    return;
  }
  const bar = element.querySelector(".bar rect");
  if (bar) bar.setAttribute("width", `${job.percent}%`);
  const text = element.querySelector("[role=status] span");
  if (text) text.textContent = `${job.percent} %`;
  setTimeout(() => watch(element), PAUSE);
}

document.querySelectorAll("[data-job]").forEach((element) => watch(element));
