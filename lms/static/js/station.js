// A station's screen: what it plays is reported for the station, not for whoever is signed in.
import "./site.js";
import { Showing } from "./station/showing.js";
import { Media } from "./study/media.js";

const root = document.querySelector("[data-showing]");
const media = root && root.querySelector("video, audio");

if (media) {
  const source = new Media(root, media);
  const showing = new Showing(root, source);
  source.connect(showing);
  showing.open();
}
