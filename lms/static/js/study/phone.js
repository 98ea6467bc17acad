// What is kept on this phone until the server has it: one note for each time a lesson was opened.
// A note: {id, person, lesson, token, segments, position, at}.
const PREFIX = "study.";
const PERSON = "study-person";

// Keep a note; false when the phone has no room or forbids it.
export function keep(note) {
  try {
    localStorage.setItem(PREFIX + note.id, JSON.stringify(note));
    return true;
  } catch (error) {
    return false;
  }
}

export function forget(note) {
  try {
    localStorage.removeItem(PREFIX + note.id);
  } catch (error) {
    // A phone that keeps nothing has nothing to forget.
  }
}

// A person's notes, the oldest first: the clock pays in the order in which it was studied.
export function notesOf(person) {
  const notes = [];
  try {
    for (let index = 0; index < localStorage.length; index += 1) {
      const key = localStorage.key(index);
      if (key.indexOf(PREFIX) === 0) notes.push(read(key));
    }
  } catch (error) {
    return [];
  }
  return notes
    .filter((note) => note !== null && note.person === person)
    .sort((one, other) => one.at - other.at);
}

function read(key) {
  try {
    const note = JSON.parse(localStorage.getItem(key));
    return note && Array.isArray(note.segments) && note.id ? note : null;
  } catch (error) {
    return null;
  }
}

// Who studied here last, for a page whose state has not come yet.
export function lastPerson() {
  try {
    return Number(localStorage.getItem(PERSON)) || 0;
  } catch (error) {
    return 0;
  }
}

export function rememberPerson(person) {
  try {
    localStorage.setItem(PERSON, String(person));
  } catch (error) {
    // Then the state tells it again.
  }
}

export function newId() {
  return Date.now().toString(36) + Math.random().toString(36).slice(2, 10);
}
