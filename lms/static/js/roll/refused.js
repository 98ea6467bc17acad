// Guests whom the server did not find, or found twice: kept until the roll is opened again, whichever page sent them.
import { outbox } from "../study/outbox.js";
import { store } from "../study/store.js";

const nameOf = (roll) => `refused-${roll}`;

function keep(entry, answer) {
  const { guest } = entry.body;
  if (!guest || !entry.about || answer.person) return null;
  const told = { guest, refused: answer.refused, error: answer.error };
  const lesson = nameOf(entry.about.roll);
  return store.change("states", lesson, (kept) => ({ lesson, guests: (kept ? kept.guests : []).concat(told) })).catch(() => {});
}

["class_roll", "viewing_roll"].forEach((kind) => outbox.on(kind, keep));

// Those of one roll, taken out in one step, so that one who is refused meanwhile stays.
export async function takeRefused(roll) {
  const lesson = nameOf(roll);
  let taken = null;
  const emptied = (kept) => {
    taken = kept;
    return { lesson, guests: [] };
  };
  await store.change("states", lesson, emptied).catch(() => {});
  return taken ? taken.guests : [];
}
