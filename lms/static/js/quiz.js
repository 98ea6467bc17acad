// A quiz being answered: every answer is kept as it is given, on the phone and on the server.
import "./site.js";
import { Attempt } from "./quiz/attempt.js";
import { Left } from "./quiz/left.js";
import { keepPlacesApart } from "./quiz/places.js";

const form = document.querySelector("[data-attempt]");
// The service worker shows this note on a page that came out of the phone.
const isFresh = document.querySelector("[data-offline]").hidden && navigator.onLine !== false;
if (form) {
  form.querySelectorAll("[data-kind=ORDERING]").forEach(keepPlacesApart);
  new Attempt(form, isFresh).open();
  if (form.dataset.deadline) new Left(form).open(isFresh);
}
