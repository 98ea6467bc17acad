// The page of what is on this phone: lessons that were kept, and how much waits for the network.
import { allKept, forgetLesson } from "./kept.js";
import { store } from "./store.js";

export async function showPhone(box) {
  const rows = await allKept();
  const waiting = await store.all("outbox").catch(() => []);
  const list = box.querySelector("[data-kept]");
  const model = box.querySelector("template").content.firstElementChild;
  box.querySelector("[data-none]").hidden = rows.length > 0;
  list.textContent = "";
  rows.forEach((row) => list.appendChild(rowOf(model.cloneNode(true), row, box)));
  const note = box.querySelector("[data-waiting]");
  note.textContent = waiting.length ? box.dataset.sayWaiting : box.dataset.sayNothing;
}

function rowOf(item, row, box) {
  const link = item.querySelector("a");
  link.href = row.address;
  link.textContent = row.title;
  item.querySelector("[data-size]").textContent = [row.label, row.size].filter(Boolean).join(" · ");
  item.querySelector("[data-part]").hidden = row.isWhole;
  const button = item.querySelector("button");
  button.setAttribute("aria-label", `${button.textContent} ${row.title}`);
  button.addEventListener("click", async () => {
    await forgetLesson(row.lesson);
    await showPhone(box);
    box.querySelector("h2").focus();
  });
  return item;
}
