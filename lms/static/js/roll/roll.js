// One roll on one page: gives each tick to the outbox and shows what the server made of it.
import { outbox } from "../study/outbox.js";
import { store } from "../study/store.js";
import { Marks } from "../study/marks.js";
import { fill, write } from "../study/words.js";
import { takeRefused } from "./refused.js";

export class Roll {
  // `isFresh`: the page came from the server just now, and not out of the phone.
  constructor(form, isFresh) {
    this.form = form;
    this.isFresh = isFresh;
    this.words = form.dataset;
    this.name = `roll-${form.dataset.roll}-${form.dataset.pk}`;
    this.kind = `${form.dataset.roll}_roll`;
    this.slot = form.dataset.slot;
    this.seats = form.querySelector("[data-seats]");
    this.guest = form.querySelector("#guest");
    this.marks = new Marks(form);
    this.ticks = {}; // by "slot.person": what this phone has ticked since the server wrote the page
  }

  async open() {
    this.form.querySelector("[data-save]").hidden = true; // every tick is kept by itself
    outbox.on(this.kind, (entry, answer) => this.answered(entry, answer));
    outbox.onFailure(() => this.marks.waiting());
    // A slow phone takes its time to remember, and its owner ticks meanwhile.
    this.restored = this.restore();
    this.takeEarly();
    this.seats.addEventListener("change", (event) => this.tick(event.target));
    this.form.addEventListener("submit", (event) => this.addGuest(event));
    const everybody = this.form.querySelector("[data-everybody]");
    everybody.hidden = !this.seats.children.length;
    everybody.addEventListener("click", () => this.tickAll());
    this.followSlots();
    this.count();
    await this.restored;
    await this.remember();
  }

  // What was ticked before this script was there.
  takeEarly() {
    const boxes = this.lines().map((line) => line.querySelector("input"));
    boxes.filter((box) => box.checked !== box.defaultChecked).forEach((box) => this.tick(box));
  }

  // What waits on this phone is newer than any page; what the phone remembers is newer than a page out of the phone;
  // what is ticked while it remembers is newer than both.
  async restore() {
    const known = this.isFresh ? null : await store.get("states", this.name).catch(() => null);
    const waiting = await this.waiting();
    const ticks = known ? known.ticks : {};
    waiting.filter((each) => each.body.person).forEach(({ body }) => {
      ticks[`${body.slot}.${body.person}`] = body.is;
    });
    this.ticks = Object.assign(ticks, this.ticks);
    waiting.filter(({ body }) => body.guest && body.slot === this.slot && !this.lineOf(body)).forEach(({ body }) => this.showGuest(body.guest));
    if (waiting.length) this.marks.waiting();
    (await takeRefused(this.name)).forEach(({ guest, refused, error }) => this.refuse(this.showGuest(guest), refused || this.errorWords(error)));
    this.show();
  }

  async waiting() {
    const all = await store.all("outbox").catch(() => []);
    return all.filter((entry) => entry.about && entry.about.roll === this.name);
  }

  async remember() {
    await this.restored;
    return store.put("states", { lesson: this.name, ticks: this.ticks }).catch(() => {});
  }

  lines() {
    return Array.from(this.seats.querySelectorAll("[data-person]"));
  }

  // Show the ticks of the chosen slot: the server's, and over them this phone's.
  show() {
    this.lines().forEach((line) => {
      const mine = this.ticks[`${this.slot}.${line.dataset.person}`];
      const theirs = line.dataset.ticked.split(" ").indexOf(this.slot) >= 0;
      line.querySelector("input").checked = mine === undefined ? theirs : mine;
    });
    this.count();
  }

  count() {
    const boxes = this.lines().map((line) => line.querySelector("input"));
    const n = boxes.filter((box) => box.checked).length;
    write(this.form.querySelector("[data-count]"), fill(this.words.sayCount, { n, all: boxes.length }));
  }

  followSlots() {
    const chooser = document.querySelector("[data-slots]");
    if (!chooser) return;
    chooser.querySelector("button").hidden = true;
    const select = chooser.querySelector("select");
    select.addEventListener("change", () => this.choose(select.value));
    if (select.value !== this.slot) this.choose(select.value);
  }

  choose(slot) {
    this.slot = slot;
    this.form.querySelector("[data-shown]").value = `${slot}.0`;
    this.lines().forEach((line) => {
      line.querySelector("input").value = `${slot}.${line.dataset.person}`;
      line.querySelector("[data-refused]").hidden = true;
    });
    this.show();
  }

  async tick(box) {
    const line = box.closest("[data-person]");
    if (!line) return;
    line.querySelector("[data-refused]").hidden = true;
    await this.keep({ person: Number(line.dataset.person), is: box.checked });
  }

  async tickAll() {
    const open = this.lines().filter((line) => !line.querySelector("input").checked);
    // All of them now, while their half-day is shown: the phone writes one after the other, and its owner goes on.
    await Promise.all(open.map((line) => {
      line.querySelector("input").checked = true;
      return this.keep({ person: Number(line.dataset.person), is: true }, false);
    }));
    outbox.send();
  }

  async addGuest(event) {
    event.preventDefault();
    const who = this.guest && this.guest.value.trim();
    if (!who) return;
    this.guest.value = "";
    this.showGuest(who);
    await this.keep({ guest: who, is: true });
    this.guest.focus();
  }

  showGuest(who) {
    const line = this.form.querySelector("template").content.firstElementChild.cloneNode(true);
    line.dataset.guest = who;
    line.querySelector("b").textContent = who;
    line.querySelector("small").textContent = this.words.sayGuest;
    this.seats.appendChild(line);
    return line;
  }

  refuse(line, words) {
    const note = line.querySelector("[data-refused]");
    write(note, words || "");
    note.hidden = !words;
    if (words) line.querySelector("input").checked = false;
  }

  async keep(told, isSent = true) {
    const body = Object.assign({ slot: this.slot }, told);
    const key = `${this.name}.${this.slot}.${told.person || told.guest}`;
    this.marks.changed();
    if (told.person) this.ticks[`${this.slot}.${told.person}`] = told.is;
    this.count();
    const isKept = await outbox.add({ kind: this.kind, key, token: this.form.dataset.token, body, about: { roll: this.name } });
    this.marks.savedHere(isKept);
    await this.remember();
    if (isSent) outbox.send();
  }

  async answered(entry, answer) {
    if (!entry.about || entry.about.roll !== this.name) return;
    await this.restored;
    const line = this.lineOf(entry.body);
    if (line && entry.body.slot === this.slot) this.settle(line, entry.body, answer);
    else if (entry.body.person && (answer.error || answer.refused)) this.takeBack(entry.body);
    const others = await this.waiting();
    if (!others.some((each) => each.n !== entry.n)) this.marks.savedThere();
  }

  lineOf(body) {
    const lines = Array.from(this.seats.children);
    return lines.find((line) => (body.guest ? line.dataset.guest === body.guest : line.dataset.person === String(body.person)));
  }

  // What the server made of a tick: whom it meant, and why not, in its words.
  settle(line, body, answer) {
    this.refuse(line, answer.error ? this.errorWords(answer.error) : answer.refused);
    const box = line.querySelector("input");
    if (body.guest && !answer.person) takeRefused(this.name);
    if (body.guest && answer.person) this.seatGuest(line, answer);
    if (line.dataset.person) this.ticks[`${body.slot}.${line.dataset.person}`] = box.checked;
    this.count();
    this.remember();
  }

  // Refused while another half-day is shown: there the tick is gone.
  takeBack({ slot, person }) {
    this.ticks[`${slot}.${person}`] = false;
    this.remember();
  }

  // A guest who was found is a line like the others; found on the list already, the line there is ticked.
  seatGuest(line, answer) {
    const known = this.lines().find((each) => each.dataset.person === String(answer.person));
    if (known) {
      known.querySelector("input").checked = answer.is;
      this.ticks[`${this.slot}.${answer.person}`] = answer.is;
      line.remove();
      return;
    }
    line.dataset.person = answer.person;
    line.dataset.ticked = "";
    line.querySelector("b").textContent = answer.name;
    line.querySelector("small").textContent = "";
    const box = line.querySelector("input");
    box.disabled = false;
    box.value = `${this.slot}.${answer.person}`;
    box.checked = answer.is;
  }

  errorWords(code) {
    return code === "forbidden" ? this.words.sayForbidden : this.words.sayUnknown;
  }
}
