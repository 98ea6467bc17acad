// The lesson page: finds what is studied and starts recording it.
import "./site.js";
import { Keep } from "./study/keep.js";
import { Marks } from "./study/marks.js";
import { Media } from "./study/media.js";
import { Inside } from "./study/playing/inside.js";
import { Package, openWhenNear } from "./study/playing/package.js";
import { Stopwatch } from "./study/playing/stopwatch.js";
import { Reader } from "./study/reader.js";
import { Study } from "./study/study.js";

const root = document.querySelector("[data-study]");
const media = root && root.querySelector("video, audio");
const text = document.querySelector("[data-reading]");
const played = root && root.querySelector("[data-package]");

function sourceOf() {
  if (media) return new Media(root, media);
  if (played) return "film" in played.dataset ? new Inside(root) : new Stopwatch(root);
  return new Reader(root, text);
}

if (media || played || (root && text)) {
  const source = sourceOf();
  const study = new Study(root, source);
  source.connect(study);
  study.open();
  if (played) new Package(played, { study, source, marks: study.page.marks }).open({});
}

// Inside a text they are played as well, and decide nothing.
const inText = root && text ? text.querySelectorAll("[data-package]") : [];
Array.from(inText).forEach((each) => {
  const small = new Package(each, { marks: new Marks(root) });
  openWhenNear(each, () => small.open({}));
});

const box = document.querySelector("[data-keep]");
if (box) new Keep(box).open().catch(() => {});
