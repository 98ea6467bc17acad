// The table of a film's rungs: while one of them is being made it is fetched again, so that the form beside it
// keeps what was typed. A request that is lost is asked again after a pause that grows.
const PAUSE = 2000;
const LONGEST_PAUSE = 30000;

async function watch(place, pause) {
  if (!place.querySelector("[data-busy]")) return;
  await new Promise((resolve) => { setTimeout(resolve, pause); });
  const options = { credentials: "same-origin", redirect: "error" };
  const answer = await fetch(place.dataset.rungs, options).catch(() => null);
  const table = answer && answer.ok ? await answer.text().catch(() => null) : null;
  if (table !== null) show(place, table);
  watch(place, table === null ? Math.min(2 * pause, LONGEST_PAUSE) : PAUSE);
}

function show(place, table) {
  const fresh = new DOMParser().parseFromString(table, "text/html").body;
  // Whoever stands on a button of the table stays there until it has been pressed.
  if (place.contains(document.activeElement)) return;
  place.replaceChildren(...fresh.childNodes);
}

document.querySelectorAll("[data-rungs]").forEach((place) => watch(place, PAUSE));
