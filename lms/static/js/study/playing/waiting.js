// What of a go still waits on this phone: newer than anything the server gives.
import { store } from "../store.js";
import { isEnd } from "./statements.js";

// Everything in the outbox, the oldest first.
export const allWaiting = () => store.all("outbox").catch(() => []);

// The entries of a go that wait now, behind those that waited `before` the server was asked: what it took in between
// may be missing in its answer, or may not.
export async function waitingOf(registration, before) {
  const now = await allWaiting();
  const taken = before.filter(({ key }) => !now.some((each) => each.key === key));
  return taken
    .map((entry) => Object.assign({}, entry, { isSent: true }))
    .concat(now)
    .filter(({ about }) => about && about.registration === registration);
}

// What a statement still waiting says to be over.
export function hasEnd(entries) {
  return entries.some(({ kind, body }) => kind === "statement" && isEnd(body.statement));
}

// The states of the server with those on the phone laid over them.
export function statesWith(states, entries) {
  return entries
    .filter(({ kind }) => kind === "state")
    .reduce((all, { body }) => Object.assign(all, { [body.key]: body.data }), Object.assign({}, states));
}

// The same for the objects of a SCORM package; time that the server has not counted yet is added.
export function scosWith(scos, entries) {
  return entries
    .filter(({ kind }) => kind === "commit")
    .reduce((all, { body, isSent }) => {
      const kept = all[body.sco] || { cmi: {}, total_seconds: "0" };
      // Sent without an answer: the server may have counted it.
      const seconds = Number(kept.total_seconds) + (isSent ? 0 : sessionSeconds(body.cmi));
      const cmi = goneOn(Object.assign({}, kept.cmi, body.cmi), seconds);
      return Object.assign(all, { [body.sco]: Object.assign({}, kept, { cmi, total_seconds: seconds.toFixed(2) }) });
    }, Object.assign({}, scos));
}

// What an object finds after a session: its time is in the total, and it is entered once more.
function goneOn(cmi, seconds) {
  const core = "cmi.core.lesson_status" in cmi ? "cmi.core." : "cmi.";
  ["session_time", "exit"].forEach((name) => delete cmi[core + name]);
  cmi[`${core}entry`] = "resume";
  cmi[`${core}total_time`] = core === "cmi." ? `PT${seconds.toFixed(2)}S` : clock(seconds);
  return cmi;
}

// As SCORM 1.2 writes it: 0001:02:03.00.
function clock(seconds) {
  const two = (number) => String(Math.floor(number)).padStart(2, "0");
  return `${String(Math.floor(seconds / 3600)).padStart(4, "0")}:${two((seconds / 60) % 60)}:${two(seconds % 60)}.00`;
}

const CLOCK = /^(\d+):(\d\d?):(\d\d?(?:\.\d+)?)$/;
const SPAN = /^P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$/;

// How long a session says that it was: "00:01:30.5" (SCORM 1.2) or "PT1M30.5S" (SCORM 2004).
export function sessionSeconds(cmi) {
  const told = String(cmi["cmi.core.session_time"] || cmi["cmi.session_time"] || "");
  const clock = CLOCK.exec(told);
  if (clock) return Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3]);
  const span = SPAN.exec(told);
  if (!span) return 0;
  return [86400, 3600, 60, 1].reduce((sum, unit, index) => sum + unit * Number(span[index + 1] || 0), 0);
}
