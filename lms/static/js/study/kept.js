// Lessons that are on this phone: the page with its pictures, and the film or recording in pieces, so that what
// broke off goes on where it stopped.
// A row of the store: {lesson, title, address, choice, label, bytes, type, got, files, isWhole, at}.
import { store } from "./store.js";

const CACHE = "kept-1";
const PIECE = 1000000;

export class Full extends Error {}
export class Away extends Error {}

const nameOf = (lesson, index) => `/kept/${lesson}/${index}`;
const piecesOf = (bytes) => Math.ceil(bytes / PIECE);

export function canKeep() {
  return typeof caches !== "undefined" && typeof indexedDB !== "undefined";
}

export function allKept() {
  return store.all("kept").catch(() => []);
}

export function keptRow(lesson) {
  return store.get("kept", lesson).catch(() => null);
}

// An address of the kept copy for a <video>, or null where it is not (or no longer) whole.
export async function keptAddress(lesson) {
  if (!canKeep()) return null;
  const row = await keptRow(lesson);
  if (!row || !row.isWhole || !row.bytes) return null;
  const cache = await caches.open(CACHE);
  const pieces = [];
  for (let index = 0; index < piecesOf(row.bytes); index += 1) {
    const piece = await cache.match(nameOf(lesson, index));
    if (!piece) {
      // The phone has cleared its storage.
      await store.remove("kept", lesson);
      return null;
    }
    pieces.push(await piece.blob());
  }
  return URL.createObjectURL(new Blob(pieces, { type: row.type }));
}

// Fetch what is still missing of `row` {lesson, title, address, choice, label, files}: its film from `source`
// {url, bytes}, if it has one, telling `onPiece(got, bytes)`; its page and pictures, named in `files`.
// Throws Full when the phone has no room, Away when the network is gone; what has come stays.
export async function keepLesson(row, source, onPiece) {
  const bytes = source ? source.bytes : 0;
  await ask(bytes);
  const cache = await caches.open(CACHE);
  const earlier = await keptRow(row.lesson);
  const isSame = earlier && earlier.choice === row.choice && earlier.bytes === bytes;
  if (earlier && !isSame) await forgetLesson(row.lesson);
  const kept = Object.assign({ got: 0 }, isSame ? earlier : {}, row, { bytes, isWhole: false, at: Date.now() });
  await save(kept);
  for (const file of row.files) await put(cache, file, await answered(fetch(file, { credentials: "same-origin" })));
  for (let index = Math.floor(kept.got / PIECE); index < piecesOf(bytes); index += 1) {
    const piece = await pieceOf(source, index);
    kept.type = piece.type;
    await put(cache, nameOf(row.lesson, index), pieceResponse(piece));
    kept.got = Math.min(bytes, (index + 1) * PIECE);
    await save(kept);
    onPiece(kept.got, bytes);
  }
  kept.isWhole = true;
  await save(kept);
}

async function answered(asked) {
  const response = await asked.catch((error) => {
    throw new Away(error.message);
  });
  if (!response.ok) throw new Away(String(response.status));
  return response;
}

async function pieceOf(source, index) {
  const first = index * PIECE;
  const last = Math.min(source.bytes, first + PIECE) - 1;
  const range = { headers: { Range: `bytes=${first}-${last}` }, credentials: "same-origin" };
  const response = await answered(fetch(source.url, range));
  const given = await response.blob().catch((error) => {
    throw new Away(error.message);
  });
  // A server that gives no stretches has given everything.
  const cut = response.status === 206 ? given : given.slice(first, last + 1);
  if (cut.size !== last + 1 - first) throw new Away("short");
  return cut.slice(0, cut.size, (response.headers.get("Content-Type") || "").split(";")[0]);
}

function pieceResponse(piece) {
  return new Response(piece, { headers: { "Content-Type": piece.type, "Content-Length": String(piece.size) } });
}

async function put(cache, name, response) {
  try {
    await cache.put(name, response);
  } catch (error) {
    throw new Full(error.message);
  }
}

async function save(row) {
  try {
    await store.put("kept", row);
  } catch (error) {
    throw new Full(error.message);
  }
}

// Ask the browser not to clear it by itself, and whether there is room.
async function ask(bytes) {
  if (!navigator.storage) return;
  if (navigator.storage.persist) await navigator.storage.persist().catch(() => {});
  if (!navigator.storage.estimate) return;
  const { quota, usage } = await navigator.storage.estimate();
  if (quota && quota - usage < bytes) throw new Full("estimate");
}

export async function forgetLesson(lesson) {
  const row = await keptRow(lesson);
  if (!row) return;
  const cache = await caches.open(CACHE);
  for (let index = 0; index < piecesOf(row.bytes); index += 1) await cache.delete(nameOf(lesson, index));
  for (const file of row.files) await cache.delete(file);
  await store.remove("kept", lesson);
}
