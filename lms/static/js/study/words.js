// Words of a template's data attributes, filled in and written.
export function fill(words, values) {
  return words.replace(/\{(\w+)\}/g, (whole, name) => values[name]);
}

// Written only when it changes: a live region repeats whatever is written.
export function write(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

// The time of day to the minute, so that a live region speaks once a minute at most.
export function timeOfDay() {
  const now = new Date();
  return `${now.getHours()}:${String(now.getMinutes()).padStart(2, "0")}`;
}
