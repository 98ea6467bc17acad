// What a frame whose origin equals none has not, and what libraries take for granted all the same.

/** A storage that forgets with the page. */
function memory() {
  const kept = new Map();
  const storage = {
    getItem: (key) => (kept.has(String(key)) ? kept.get(String(key)) : null),
    setItem: (key, value) => void kept.set(String(key), String(value)),
    removeItem: (key) => void kept.delete(String(key)),
    clear: () => kept.clear(),
    key: (index) => [...kept.keys()][index] || null,
  };
  const isKept = (key) => typeof key === "string" && kept.has(key);
  // Nothing but what was put in is its own: libraries look it through, and ask it for a key with `in`.
  return new Proxy(Object.create(storage), {
    get: (target, key) => {
      if (key === "length") return kept.size;
      return isKept(key) && !(key in storage) ? kept.get(key) : target[key];
    },
    has: (target, key) => isKept(key) || key in target,
    ownKeys: () => [...kept.keys()],
    getOwnPropertyDescriptor: (target, key) =>
      isKept(key) ? { value: kept.get(key), writable: true, enumerable: true, configurable: true } : undefined,
    set: (target, key, value) => {
      storage.setItem(key, value);
      return true;
    },
    deleteProperty: (target, key) => {
      storage.removeItem(key);
      return true;
    },
  });
}

/** Put stand-ins in place; gives the window around this one, which libraries see no more. */
export function settle() {
  const around = window.parent;
  for (const name of ["localStorage", "sessionStorage"]) {
    Object.defineProperty(window, name, { value: memory(), configurable: true });
  }
  const cookies = new Map();
  Object.defineProperty(document, "cookie", {
    configurable: true,
    get: () => [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
    set: (text) => {
      const [pair] = String(text).split(";");
      const at = pair.indexOf("=");
      cookies.set(pair.slice(0, at).trim(), pair.slice(at + 1).trim());
    },
  });
  // Libraries reach for the page around them to learn its size; it would refuse, and they would stop.
  window.parent = window;
  return around;
}
