// What was done in a package and came back because its token had run out, or because more came within an hour than the
// server takes: it waits here until the lesson hands out a new token, to the same person, and is brought once more.
import { outbox } from "../outbox.js";
import { isTooOld } from "../rests.js";
import { store } from "../store.js";

const KINDS = ["statement", "state", "commit"];
// Whether an entry came back, and may be brought again.
export function isLate(answer) {
  return isTooOld(answer) || answer.error === "rate";
}

// Of another version of the lesson is of another package.
const idOf = ({ person, lesson, block, version }) => `package.${person}.${lesson}.${block}.${version}`;

let work = Promise.resolve();

KINDS.forEach((kind) => outbox.on(kind, (entry, answer) => {
  if (entry.about && isLate(answer)) work = work.then(() => keep(entry)).catch(() => {});
  return work;
}));

function keep({ kind, key, body, about, at }) {
  const id = idOf(about);
  return store.change("rests", id, (kept) => ({
    id,
    // Under one key the newest counts.
    entries: (kept ? kept.entries.filter((each) => each.key !== key) : []).concat({ kind, key, body, about, at }),
  }));
}

// The entries that wait for a new token.
export async function lateOf(about) {
  await work;
  const kept = await store.get("rests", idOf(about)).catch(() => null);
  return kept ? kept.entries : [];
}

// They are in the outbox again: only what came since waits on.
export function forgetLate(about, brought) {
  const isBrought = (entry) => brought.some((each) => each.key === entry.key && JSON.stringify(each.body) === JSON.stringify(entry.body));
  work = work
    .then(() => store.change("rests", idOf(about), (kept) => ({
      id: idOf(about),
      entries: kept ? kept.entries.filter((entry) => !isBrought(entry)) : [],
    })))
    .catch(() => {});
  return work;
}
