// Every learner's page: lets the site work without a network, brings to the server what waits on this phone, and says
// so when the network is away.
import { outbox } from "./study/outbox.js";
import { showPhone } from "./study/phone.js";
import "./study/playing/late.js";
import "./study/rests.js";
import "./roll/refused.js";

const note = document.querySelector("[data-offline]");

// The service worker shows the note on a page that came out of the phone; that stays until a page is fetched.
function showNetwork() {
  if (note && navigator.onLine === false) note.hidden = false;
}

async function listen() {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register("/sw.js");
  if (registration.sync) await registration.sync.register("outbox");
}

window.addEventListener("online", () => {
  if (note) note.hidden = true;
  outbox.send();
});
window.addEventListener("offline", showNetwork);
showNetwork();
const phone = document.querySelector("[data-phone]");
if (phone) outbox.on("segments", () => showPhone(phone));
if (phone) showPhone(phone);
outbox.send();
listen().catch(() => {}); // the site works without it, but only with a network
