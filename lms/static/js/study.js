// The lesson page: finds what is studied and starts recording it.
import "./site.js";
import { Keep } from "./study/keep.js";
import { Media } from "./study/media.js";
import { Reader } from "./study/reader.js";
import { Study } from "./study/study.js";

const root = document.querySelector("[data-study]");
const media = root && root.querySelector("video, audio");
const text = document.querySelector("[data-reading]");

if (media || (root && text)) {
  const source = media ? new Media(root, media) : new Reader(root, text);
  const study = new Study(root, source);
  source.connect(study);
  study.open();
}

const box = document.querySelector("[data-keep]");
if (box) new Keep(box).open().catch(() => {});
