// Seconds that were played and that the server has not taken: the clock could not pay for them yet, or the token had
// run out. They wait here until the lesson is opened again, and are offered with its new token.
import { outbox } from "./outbox.js";
import { join, subtract } from "./ranges.js";
import { store } from "./store.js";

const TOO_OLD = ["expired", "token"];

const idOf = ({ person, lesson }) => `${person}.${lesson}`;

// Whether an entry came back because its token had run out, or was signed with a key that is no more.
export function isTooOld(answer) {
  return TOO_OLD.indexOf(answer.error) >= 0;
}

// What an answer leaves over of an entry, if anything.
function leftOver(entry, answer) {
  if (answer.error) return isTooOld(answer) ? entry.body.segments : [];
  return answer.unpaid ? subtract(entry.body.segments, answer.ranges) : [];
}

outbox.on("segments", (entry, answer) => {
  const segments = leftOver(entry, answer);
  return segments.length && entry.about ? addRest(entry.about, segments) : null;
});

// Keep what waits for the next opening of a lesson; gives whether the phone could.
export function addRest(about, segments) {
  const id = idOf(about);
  return store
    .change("rests", id, (kept) => ({
      id,
      version: about.version,
      // Seconds of another version are seconds of another film.
      segments: kept && kept.version === about.version ? join(kept.segments, segments) : segments,
    }))
    .then(() => true, () => false);
}

// The rest of a person's lesson; nothing where the lesson has changed since. It lies here until the outbox has it.
export async function restOf(about) {
  const kept = await store.get("rests", idOf(about)).catch(() => null);
  return kept && kept.version === about.version ? kept.segments : [];
}

// These are in the outbox again: only what came since waits on.
export function forgetRest(about, segments) {
  const { version } = about;
  const id = idOf(about);
  const left = (kept) => (kept && kept.version === version ? subtract(kept.segments, segments) : []);
  return store.change("rests", id, (kept) => ({ id, version, segments: left(kept) })).catch(() => {});
}
