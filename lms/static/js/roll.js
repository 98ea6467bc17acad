// The roll on an organiser's phone: every tick is kept here at once and sent when there is a network.
import "./site.js";
import { Roll } from "./roll/roll.js";

const form = document.querySelector("[data-roll]");
// The service worker shows this note on a page that came out of the phone.
const isFresh = document.querySelector("[data-offline]").hidden && navigator.onLine !== false;
if (form) new Roll(form, isFresh).open();
