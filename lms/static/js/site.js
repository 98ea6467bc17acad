// Every learner's page: lets the site work without a network, brings to the server what waits on this phone, and says
// so when the network is away.
import { outbox } from "./study/outbox.js";
import { showPhone } from "./study/phone.js";
import "./study/rests.js";

const note = document.querySelector("[data-offline]");

function showNetwork() {
  if (note) note.hidden = navigator.onLine !== false;
}

async function listen() {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register("/sw.js");
  if (registration.sync) await registration.sync.register("outbox");
}

window.addEventListener("online", () => {
  showNetwork();
  outbox.send();
});
window.addEventListener("offline", showNetwork);
showNetwork();
const phone = document.querySelector("[data-phone]");
if (phone) outbox.on("segments", () => showPhone(phone));
if (phone) showPhone(phone);
outbox.send();
listen().catch(() => {}); // the site works without it, but only with a network
