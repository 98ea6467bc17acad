// How the owner of this phone likes films: size, speed, captions. A phone that keeps nothing asks again.
const PREFIX = "film.";

export function recall(name) {
  try {
    return localStorage.getItem(PREFIX + name) || "";
  } catch (error) {
    return "";
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(PREFIX + name, String(value));
  } catch (error) {
    // Then it holds for this page.
  }
}
