// Captions: one track of the film for each language that there is, shown when the learner wants it.
import { recall, remember } from "./memory.js";

const LOADED = 2;

export class Captions {
  // `select` offers the languages; without one the film has no captions.
  constructor(media, select) {
    this.media = media;
    this.select = select;
    this.tracks = [];
    if (!select) return;
    const wanted = recall("captions");
    if (Array.from(select.options).some((option) => option.value === wanted)) select.value = wanted;
    select.addEventListener("change", () => {
      remember("captions", select.value);
      this.show();
    });
  }

  // Signed addresses: the first make the tracks, later ones replace those that were not read yet.
  take(captions) {
    if (!this.select) return;
    captions.forEach((caption, index) => {
      const track = this.tracks[index] || this.add(caption);
      if (track.readyState !== LOADED) track.src = caption.url;
    });
    this.show();
  }

  add({ language, label }) {
    const track = document.createElement("track");
    track.kind = "captions";
    track.srclang = language;
    track.label = label;
    this.tracks.push(this.media.appendChild(track));
    return track;
  }

  show() {
    this.tracks.forEach((element) => {
      element.track.mode = element.srclang === this.select.value ? "showing" : "disabled";
    });
  }
}
