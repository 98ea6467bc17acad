// "Keep on this phone" on a lesson's page: which quality, how large, how far, and away with it again.
import { Full, canKeep, forgetLesson, keepLesson, keptRow } from "./kept.js";
import { fill } from "./words.js";

export class Keep {
  constructor(box) {
    this.box = box;
    this.words = box.dataset;
    this.lesson = Number(box.dataset.keep);
    this.choices = Array.from(box.querySelectorAll("input[type=radio]"));
    this.button = box.querySelector("[data-keep-start]");
    this.away = box.querySelector("[data-keep-remove]");
    this.bar = box.querySelector(".bar");
    this.told = box.querySelector("[role=status]");
  }

  async open() {
    if (!canKeep() || !("serviceWorker" in navigator)) return;
    this.button.addEventListener("click", () => this.start());
    this.away.addEventListener("click", () => this.remove());
    // Offered once it is known what is here, which else would undo a choice made meanwhile.
    this.show(await keptRow(this.lesson));
    this.box.hidden = false;
  }

  chosen() {
    return this.choices.find((each) => each.checked) || this.choices[0];
  }

  async start() {
    const choice = this.chosen();
    this.button.disabled = true;
    // What is taken away while it comes would come all the same, and not whole.
    this.away.hidden = true;
    this.say(this.words.sayBegun);
    try {
      const source = this.words.sources ? await this.sourceOf(choice.value) : null;
      const row = Object.assign(this.row(choice), { files: await filesOf() });
      await keepLesson(row, source, (got, bytes) => this.progress(got, bytes));
      this.show(await keptRow(this.lesson));
    } catch (error) {
      this.say(error instanceof Full ? this.words.sayFull : this.words.sayBroken);
      this.offerAgain();
    }
    this.button.disabled = false;
  }

  row(choice) {
    return {
      lesson: this.lesson,
      title: this.words.title,
      address: location.pathname,
      choice: choice.value,
      label: choice.dataset.label,
      size: choice.dataset.size,
    };
  }

  async sourceOf(choice) {
    const response = await fetch(this.words.sources, { credentials: "same-origin", headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(String(response.status));
    const { mp4, m4a } = await response.json();
    return choice === "audio" ? m4a : mp4[choice];
  }

  async remove() {
    await forgetLesson(this.lesson);
    this.show(null);
    this.say(this.words.sayRemoved);
    this.button.focus();
  }

  show(row) {
    const isKept = Boolean(row && row.isWhole);
    this.choices.forEach((each) => {
      if (row && each.value === row.choice) each.checked = true;
      each.disabled = isKept;
    });
    this.away.hidden = !row;
    this.button.hidden = isKept;
    this.bar.hidden = !row || isKept;
    this.say(isKept ? fill(this.words.sayKept, { size: row.size }) : "");
    if (row && !isKept) this.offerAgain();
  }

  progress(got, bytes) {
    this.bar.hidden = false;
    this.bar.firstElementChild.setAttribute("width", `${(100 * got) / bytes}%`);
    this.say(fill(this.words.sayGot, { percent: Math.floor((100 * got) / bytes) }));
  }

  offerAgain() {
    this.away.hidden = false;
    this.button.lastElementChild.textContent = this.words.sayGoOn;
  }

  say(words) {
    this.told.textContent = words;
  }
}

// The page with its pictures, and the other parts of a long document with theirs.
async function filesOf() {
  const reading = document.querySelector("[data-addresses]");
  const others = reading ? reading.dataset.addresses.split(" ").filter(Boolean) : [];
  const files = [location.pathname].concat(others);
  for (const address of files.slice()) {
    const page = await fetch(address, { credentials: "same-origin" }).then((response) => response.text());
    const parsed = new DOMParser().parseFromString(page, "text/html");
    parsed.querySelectorAll("main .prose img, main [data-reading] img").forEach((each) => files.push(each.getAttribute("src")));
  }
  return Array.from(new Set(files));
}
