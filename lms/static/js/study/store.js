// What this phone keeps, in IndexedDB; where there is none, as text in localStorage, and at worst in memory.
//   outbox  entries that the server has not taken, by the counter of this phone
//   states  what the server last said of a lesson, with what was played since
//   rests   seconds played that no clock has paid yet, by person and lesson
//   kept    lessons whose film or recording is on this phone
//   about   facts of this phone
const NAME = "xiangxue";
const STORES = {
  outbox: { keyPath: "n", autoIncrement: true },
  states: { keyPath: "lesson" },
  rests: { keyPath: "id" },
  kept: { keyPath: "lesson" },
  about: { keyPath: "name" },
};

let opened = null;

function open() {
  opened = opened || openDatabase().catch(() => new Text());
  return opened;
}

function openDatabase() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      Object.keys(STORES).forEach((name) => asked.result.createObjectStore(name, STORES[name]));
    };
    asked.onsuccess = () => resolve(new Database(asked.result));
    asked.onerror = () => reject(asked.error);
    asked.onblocked = () => reject(new Error("blocked"));
  });
}

class Database {
  constructor(database) {
    this.database = database;
  }

  // Run `work(store, done)` in one transaction; what it gives to `done` is the result once it is kept.
  run(name, mode, work) {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction(name, mode);
      let result;
      transaction.oncomplete = () => resolve(result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
      work(transaction.objectStore(name), (value) => {
        result = value;
      });
    });
  }

  get(name, key) {
    return this.run(name, "readonly", (store, done) => {
      store.get(key).onsuccess = (event) => done(event.target.result);
    });
  }

  all(name) {
    return this.run(name, "readonly", (store, done) => {
      store.getAll().onsuccess = (event) => done(event.target.result);
    });
  }

  put(name, value) {
    return this.run(name, "readwrite", (store, done) => {
      store.put(value).onsuccess = (event) => done(event.target.result);
    });
  }

  remove(name, key) {
    return this.run(name, "readwrite", (store) => store.delete(key));
  }

  // Let `change` turn the value under a key into the value to put there, with nobody in between.
  change(name, key, change) {
    return this.run(name, "readwrite", (store, done) => {
      store.get(key).onsuccess = (event) => {
        store.put(change(event.target.result)).onsuccess = (put) => done(put.target.result);
      };
    });
  }
}

// The same five for browsers without a database: one text for each store.
class Text {
  constructor() {
    this.memory = {};
  }

  read(name) {
    try {
      const text = localStorage.getItem(`${NAME}.${name}`);
      return text ? JSON.parse(text) : { last: 0, rows: [] };
    } catch (error) {
      return this.memory[name] || { last: 0, rows: [] };
    }
  }

  async write(name, kept) {
    this.memory[name] = kept;
    localStorage.setItem(`${NAME}.${name}`, JSON.stringify(kept));
  }

  async all(name) {
    return this.read(name).rows;
  }

  async get(name, key) {
    return this.read(name).rows.find((row) => row[STORES[name].keyPath] === key);
  }

  async put(name, value) {
    const { keyPath, autoIncrement } = STORES[name];
    const kept = this.read(name);
    if (autoIncrement && !value[keyPath]) {
      kept.last += 1;
      value[keyPath] = kept.last;
    }
    kept.rows = kept.rows.filter((row) => row[keyPath] !== value[keyPath]).concat(value);
    kept.rows.sort((one, other) => (one[keyPath] < other[keyPath] ? -1 : 1));
    await this.write(name, kept);
    return value[keyPath];
  }

  async remove(name, key) {
    const kept = this.read(name);
    kept.rows = kept.rows.filter((row) => row[STORES[name].keyPath] !== key);
    await this.write(name, kept);
  }

  async change(name, key, change) {
    return this.put(name, change(await this.get(name, key)));
  }
}

const call = (method) => (...given) => open().then((store) => store[method](...given));

export const store = {
  get: call("get"),
  all: call("all"),
  put: call("put"),
  remove: call("remove"),
  change: call("change"),
};

// The name that this phone made for itself, the same until its storage is cleared.
export async function deviceName() {
  const known = await store.get("about", "device").catch(() => null);
  if (known) return known.value;
  const value = Date.now().toString(36) + Math.random().toString(36).slice(2, 12);
  await store.put("about", { name: "device", value }).catch(() => {});
  return value;
}

// Who studied here last, for a page that the server has not answered yet.
export async function lastPerson() {
  const known = await store.get("about", "person").catch(() => null);
  return known ? known.value : 0;
}

export function rememberPerson(value) {
  return store.put("about", { name: "person", value }).catch(() => {});
}
