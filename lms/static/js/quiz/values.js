// The answer that a question's fields hold, in the shape that its kind has on the server; null for none yet.
const number = (text) => (text === "" ? null : Number(text));
const selects = (question) => Array.from(question.querySelectorAll("select"), (each) => number(each.value));
const checked = (question) => Array.from(question.querySelectorAll("input:checked"), (each) => each.value);

const READ = {
  SINGLE: (question) => (checked(question).length ? number(checked(question)[0]) : null),
  MULTIPLE: (question) => (checked(question).length ? checked(question).map(number) : null),
  TRUE_FALSE: (question) => (checked(question).length ? checked(question)[0] === "true" : null),
  FILL_IN: (question) => {
    const words = Array.from(question.querySelectorAll("input"), (each) => each.value.trim());
    return words.some(Boolean) ? words : null;
  },
  // Each line says its place; as an answer, the lines in the order of their places.
  ORDERING: (question) => {
    const places = selects(question);
    if (places.indexOf(null) >= 0) return null;
    return places.map((_, item) => item).sort((one, other) => places[one] - places[other]);
  },
  MATCHING: (question) => {
    const chosen = selects(question);
    return chosen.every((each) => each === null) ? null : chosen;
  },
};

const tick = (question, values) => question.querySelectorAll("input").forEach((each) => {
  each.checked = values.indexOf(each.value) >= 0;
});
const choose = (question, values) => question.querySelectorAll("select").forEach((each, index) => {
  each.value = values[index] === null || values[index] === undefined ? "" : String(values[index]);
});

const WRITE = {
  SINGLE: (question, value) => tick(question, [String(value)]),
  MULTIPLE: (question, value) => tick(question, (value || []).map(String)),
  TRUE_FALSE: (question, value) => tick(question, [String(value)]),
  FILL_IN: (question, value) => question.querySelectorAll("input").forEach((each, index) => {
    each.value = (value || [])[index] || "";
  }),
  ORDERING: (question, value) => choose(question, (value || []).reduce((places, item, place) => Object.assign(places, { [item]: place }), [])),
  MATCHING: (question, value) => choose(question, value || []),
};

export const read = (question) => READ[question.dataset.kind](question);
export const write = (question, value) => WRITE[question.dataset.kind](question, value);
