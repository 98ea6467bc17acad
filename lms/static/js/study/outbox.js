// Everything studied goes through here: kept on the phone under the next number of its counter, sent when there is
// a network, forgotten when the server has taken it. Pages and the service worker share one outbox.
// An entry: {n, kind, key, token, at, body, about, isSent}; `about` stays on the phone.
import { deviceName, store } from "./store.js";

const ADDRESS = "/uploads/";
const MOST_AT_ONCE = 100;
const FIRST_PAUSE = 5000;
const LONGEST_PAUSE = 60000;
const LOCK = "xiangxue-outbox";

class Outbox {
  constructor() {
    this.numbers = {};
    this.listeners = {};
    this.pause = FIRST_PAUSE;
    this.work = Promise.resolve();
  }

  // Tell `listener(entry, answer)` what became of each entry of a kind, whoever wrote it. It is waited for, so it must
  // not wait for the next sending.
  on(kind, listener) {
    (this.listeners[kind] = this.listeners[kind] || []).push(listener);
  }

  // Tell when the server cannot be reached.
  onFailure(listener) {
    this.failed = listener;
  }

  // Keep an entry; false when the phone has no room or forbids it. One of the same key that was never sent gives way
  // to it and leaves it its number, so that the numbers have no gap.
  add({ kind, key, token, body, about, at }) {
    // What is brought once more happened when it happened.
    const entry = { kind, key, token, body, about, at: at || Date.now(), isSent: false };
    this.work = this.work.then(() => this.write(entry));
    return this.work;
  }

  async write(entry) {
    const number = this.numbers[entry.key];
    try {
      if (number) {
        this.numbers[entry.key] = await store.change("outbox", number, (earlier) =>
          earlier && !earlier.isSent ? Object.assign(entry, { n: number }) : entry);
      } else {
        this.numbers[entry.key] = await store.put("outbox", entry);
      }
      return true;
    } catch (error) {
      delete entry.n;
      return this.sendUnkept(entry);
    }
  }

  // A phone without room: what cannot be kept is at least sent.
  async sendUnkept(entry) {
    await this.bring([Object.assign(entry, { n: 0 })]).catch(() => {});
    return false;
  }

  // Send all that waits, the oldest first; one at a time over all pages where the browser can.
  send() {
    if (typeof navigator !== "undefined" && navigator.locks) return navigator.locks.request(LOCK, () => this.sendAll());
    this.sending = (this.sending || Promise.resolve()).then(() => this.sendAll());
    return this.sending;
  }

  // Gives whether everything has been taken.
  async sendAll() {
    clearTimeout(this.timer);
    try {
      while (await this.sendSome());
      this.pause = FIRST_PAUSE;
      return true;
    } catch (error) {
      if (this.failed) this.failed();
      this.timer = setTimeout(() => this.send(), this.pause);
      this.pause = Math.min(LONGEST_PAUSE, this.pause * 2);
      return false;
    }
  }

  // Whether there may be more.
  async sendSome() {
    const waiting = await store.all("outbox").catch(() => []);
    const some = waiting.slice(0, MOST_AT_ONCE);
    if (!some.length) return false;
    // From here on nothing is added to these: the server may have them.
    for (const entry of some.filter((each) => !each.isSent)) {
      entry.isSent = true;
      await store.change("outbox", entry.n, (kept) => Object.assign(entry, kept, { isSent: true }));
    }
    const refused = await this.bring(some);
    if (refused && some.length > 1) {
      for (const entry of some) {
        if (await this.bring([entry])) await this.forget(entry);
      }
    } else if (refused) {
      await this.forget(some[0]);
    }
    return waiting.length > some.length;
  }

  // Give entries to the server; true when it will not read them at all. Throws when it cannot be reached.
  async bring(entries) {
    const response = await fetch(ADDRESS, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: await bodyOf(entries),
    });
    if (response.status >= 500 || response.status === 408 || response.status === 429) throw new Error(String(response.status));
    if (!response.ok) return true;
    const { ack, answers } = await response.json();
    for (const answer of answers) {
      const entry = entries.find((each) => each.n === answer.n);
      if (!entry) continue;
      // What a listener keeps of it on the phone is kept before the entry goes.
      await Promise.all((this.listeners[entry.kind] || []).map((listener) => listener(entry, answer))).catch(() => {});
      if (entry.n && entry.n <= ack) await this.forget(entry);
    }
    return false;
  }

  forget(entry) {
    if (this.numbers[entry.key] === entry.n) delete this.numbers[entry.key];
    return store.remove("outbox", entry.n);
  }

  // The page is going and cannot wait: sent without a number, and once more with one when a page opens again.
  leave({ kind, token, body, at }) {
    const text = JSON.stringify({
      device: "closing",
      after: 0,
      sent: Date.now(),
      entries: [{ n: 0, kind, token, at: at || Date.now(), body }],
    });
    if ("keepalive" in Request.prototype) {
      fetch(ADDRESS, { method: "POST", keepalive: true, headers: { "Content-Type": "application/json" }, body: text }).catch(() => {});
    } else if (navigator.sendBeacon) {
      navigator.sendBeacon(ADDRESS, new Blob([text], { type: "text/plain" }));
    }
  }
}

async function bodyOf(entries) {
  return JSON.stringify({
    device: await deviceName(),
    // Whatever stands below the oldest entry has been taken.
    after: Math.max(0, entries[0].n - 1),
    sent: Date.now(),
    entries: entries.map(({ n, kind, token, at, body }) => ({ n, kind, token, at, body })),
  });
}

export const outbox = new Outbox();
