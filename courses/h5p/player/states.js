// A learner's state in the content: given at the start, told at every change, never sent from here.

/** Take the place of H5P's own store of states; `tell(key, data)` hears of each change. */
export function keepStates(H5P, given, tell) {
  const kept = new Map(Object.entries(given));
  const keyOf = (sub, kind) => `${sub || 0}/${kind}`;

  function change(key, data) {
    const before = kept.has(key) ? kept.get(key) : null;
    if (data === before) return;
    kept.set(key, data);
    tell(key, data);
  }

  H5P.getUserData = (contentId, kind, done, sub) => {
    const data = kept.get(keyOf(sub, kind));
    let value;
    try {
      value = typeof data === "string" ? JSON.parse(data) : undefined;
    } catch (error) {
      value = undefined; // what cannot be read is no state: the content begins anew
    }
    done(undefined, value);
  };
  H5P.setUserData = (contentId, kind, value, options) => {
    const { subContentId, errorCallback } = options || {};
    let data;
    try {
      data = JSON.stringify(value);
    } catch (error) {
      if (errorCallback) errorCallback(error);
      return;
    }
    change(keyOf(subContentId, kind), data === undefined ? null : data);
  };
  H5P.deleteUserData = (contentId, kind, sub) => change(keyOf(sub, kind), null);
}

/** Keep the state of every content in the page now. */
export function saveNow(H5P) {
  for (const instance of H5P.instances || []) {
    if (typeof instance.getCurrentState !== "function") continue;
    try {
      const state = instance.getCurrentState();
      if (state !== undefined) H5P.setUserData(instance.contentId, "state", state);
    } catch (error) {
      console.error(error); // a content that cannot say its state has none
    }
  }
}
