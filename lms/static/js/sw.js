// The service worker: pages that were open before open again without a network, and what waits on the phone is sent
// when the network returns, even if no page is open.
import { outbox } from "./study/outbox.js";
import "./study/playing/late.js";
import "./study/rests.js";
import "./roll/refused.js";
import { store } from "./study/store.js";

const PAGES = "pages-1";
const FILES = "files-1";
const ON_THIS_PHONE = "/phone/";
// A network that has not answered by then gives way to the page that the phone has.
const PATIENCE = 5000;
const MOST = { [PAGES]: 80, [FILES]: 160 };
// Not for a phone that may be lent: the desk, the publishing desk, the door.
const NEVER = /^\/(desk|cms|account|language|elder|jobs|_util)\//;
// Who looks, or how, has changed: pages kept for the one before are nobody's any more.
const CHANGES = /^\/(account|elder|language)\//;
const DOOR = "/account/login/";
const HASHED = /\.[0-9a-f]{12}\.\w+$/;
const PICTURES = /^\/(media|films\/\d+\/poster|documents)\//;

self.addEventListener("install", (event) => {
  event.waitUntil(keepPage(ON_THIS_PHONE).then(() => self.skipWaiting()));
});

// The page that brought this worker was loaded without it, and is kept as well.
self.addEventListener("activate", (event) => {
  event.waitUntil(
    forgetOlder()
      .then(() => self.clients.claim())
      .then(() => self.clients.matchAll({ type: "window" }))
      .then((pages) => Promise.all(pages.map((each) => new URL(each.url)).filter(mayKeep).map((each) => keepPage(each.href)))),
  );
});

self.addEventListener("sync", (event) => {
  // Thrown, so that the browser tries again by itself.
  if (event.tag === "outbox") {
    event.waitUntil(sendUnseen().then((isDone) => isDone || Promise.reject(new Error("waiting"))));
  }
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  if (request.method !== "GET") {
    if (CHANGES.test(address.pathname)) event.waitUntil(caches.delete(PAGES));
    // What is studied before the server has said who studies is not for whoever had the phone before.
    if (address.pathname.startsWith("/account/")) event.waitUntil(store.remove("about", "person").catch(() => {}));
    return;
  }
  // Somebody was sent to the door: the session was ended, here or from another phone.
  if (address.pathname === DOOR) event.waitUntil(caches.delete(PAGES));
  if (request.headers.has("range")) return;
  if (request.mode === "navigate") {
    if (mayKeep(address)) event.respondWith(page(event));
  } else if (address.pathname.startsWith("/static/")) {
    event.respondWith(HASHED.test(address.pathname) ? file(event) : freshFile(event));
  } else if (PICTURES.test(address.pathname) && request.destination === "image") {
    event.respondWith(file(event));
  }
});

// A page that is looked at sends by itself, and shows what became of it, which it would not hear from here. Gives whether
// nothing waits any more.
async function sendUnseen() {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (!pages.some((each) => each.visibilityState === "visible" && mayKeep(new URL(each.url)))) return outbox.send();
  return !(await store.all("outbox").catch(() => [])).length;
}

function mayKeep(address) {
  return address.origin === self.location.origin && !NEVER.test(address.pathname);
}

// The network's page, or after a while the phone's; at the end the page that says what is on this phone.
async function page(event) {
  const kept = await keptPage(event.request);
  const fresh = fetch(event.request).then((response) => {
    if (isPage(response)) event.waitUntil(keep(PAGES, event.request, response.clone()).then(() => keepPage(ON_THIS_PHONE)));
    return response;
  });
  event.waitUntil(fresh.catch(() => {}));
  try {
    return await (kept ? Promise.race([fresh, late(PATIENCE)]) : fresh);
  } catch (error) {
    return marked(kept || (await keptPage(ON_THIS_PHONE)));
  }
}

// The page as it was kept, with the line shown that says so: a network may be there and lead nowhere.
async function marked(kept) {
  if (!kept) return Response.error();
  const text = await kept.text();
  return new Response(text.replace(" data-offline hidden", " data-offline"), { headers: kept.headers });
}

async function keptPage(request) {
  return (await caches.match(request, { cacheName: PAGES, ignoreVary: true })) || caches.match(request, { ignoreVary: true });
}

function isPage(response) {
  const type = response.headers.get("Content-Type") || "";
  return response.ok && !response.redirected && response.type === "basic" && type.startsWith("text/html");
}

// Keep a page that was not asked for through here, and the files it names, out of the browser's own cache if it can.
async function keepPage(address) {
  if (await caches.match(address, { cacheName: PAGES, ignoreVary: true })) return;
  const response = await fetch(address, { credentials: "same-origin", cache: "force-cache" });
  if (!isPage(response)) return;
  const text = await response.clone().text();
  await keep(PAGES, address, response);
  const files = Array.from(new Set(text.match(/\/static\/[^"'\s)]+/g) || []));
  await Promise.all(files.map(async (each) => {
    if (await caches.match(each)) return;
    const found = await fetch(each, { cache: "force-cache" }).catch(() => null);
    if (found && found.ok) await keep(FILES, each, found);
  }));
}

// A file whose address names its content.
async function file(event) {
  const kept = await caches.match(event.request, { ignoreVary: true });
  return kept || fetched(event);
}

async function freshFile(event) {
  try {
    return await fetched(event);
  } catch (error) {
    return (await caches.match(event.request, { ignoreVary: true })) || Response.error();
  }
}

async function fetched(event) {
  const response = await fetch(event.request);
  if (response.ok && response.status === 200) event.waitUntil(keep(FILES, event.request, response.clone()));
  return response;
}

async function keep(name, request, response) {
  try {
    const cache = await caches.open(name);
    await cache.put(request, response);
    const keys = await cache.keys();
    await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST[name])).map((key) => cache.delete(key)));
  } catch (error) {
    // A phone without room keeps nothing more; the page is there all the same.
  }
}

async function forgetOlder() {
  const names = await caches.keys();
  const older = names.filter((name) => /^(pages|files)-/.test(name) && !(name in MOST));
  await Promise.all(older.map((name) => caches.delete(name)));
}

function late(milliseconds) {
  return new Promise((resolve, reject) => setTimeout(() => reject(new Error("late")), milliseconds));
}
