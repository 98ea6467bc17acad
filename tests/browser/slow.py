"""What a slow phone does to a page, as scripts that run before the page's own."""

# The phone's memory opens a second and a half after it was asked for.
SLOW_MEMORY = """(() => {
  const said = Object.getOwnPropertyDescriptor(IDBRequest.prototype, "onsuccess");
  Object.defineProperty(IDBRequest.prototype, "onsuccess", Object.assign({}, said, {
    set(listener) {
      const late = (event) => setTimeout(() => listener.call(this, event), 1500);
      said.set.call(this, this instanceof IDBOpenDBRequest ? late : listener);
    },
  }));
})()"""
