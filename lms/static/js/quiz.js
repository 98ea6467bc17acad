// A quiz being answered: every answer is kept as it is given, on the phone and on the server.
import "./site.js";
import { Attempt } from "./quiz/attempt.js";
import { Left } from "./quiz/left.js";

const form = document.querySelector("[data-attempt]");
if (form) {
  new Attempt(form).open();
  if (form.dataset.deadline) new Left(form).open();
}
