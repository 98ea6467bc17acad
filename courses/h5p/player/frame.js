// Plays one H5P content in a frame that can reach nothing, and speaks with the page around it by messages.
// It comes before H5P's core, and touches it by its public names alone.

import { dress } from "./dress.js";
import { followFilm } from "./film.js";
import { mindWidthOnly, watchHeight } from "./height.js";
import { load } from "./loading.js";
import { keepStates, saveNow } from "./states.js";
import { settle } from "./surroundings.js";

const SAVE_SECONDS = 10;
const FILM = "H5P.InteractiveVideo";
const around = settle();
const told = JSON.parse(document.getElementById("integration").textContent);
// Says the page that opened this one: it hands over what it keeps, and need only be asked.
const isHanded = window.location.hash === "#handed";
let isLoading = false;
let hasBegun = false;
let hasFailed = false;

// Only the site's pages may frame this one (its policy), so whoever is around may hear it.
const say = (type, more) => around.postMessage({ xiangxue: 1, type, ...more }, "*");

function cannot(why) {
  if (hasFailed) return;
  hasFailed = true;
  say("cannot", { why });
}

const isFree = () => !(document.fullscreenElement || document.webkitFullscreenElement);

window.H5PIntegration = {
  siteUrl: told.site,
  url: told.files,
  urlLibraries: told.libraries,
  libraryDirectories: told.folders,
  saveFreq: SAVE_SECONDS,
  postUserStatistics: false,
  reportingIsEnabled: false,
  hubIsEnabled: false,
  // A frame without an origin shares none with its files: subtitles, and pictures that are drawn upon, are refused unless
  // they are asked for as everybody's.
  crossorigin: "anonymous",
  crossoriginRegex: ".",
  fullscreenDisabled: !(document.fullscreenEnabled || document.webkitFullscreenEnabled),
  ajax: {},
  l10n: { H5P: told.words },
  loadedJs: [],
  loadedCss: [],
  contents: {
    [`cid-${told.content}`]: {
      library: told.library,
      jsonContent: JSON.stringify(told.params),
      fullScreen: told.full_screen ? "1" : "0",
      displayOptions: { frame: true, export: false, embed: false, copyright: true, icon: false, copy: false },
      url: told.activity,
      contentUrl: told.files,
      title: told.title,
      metadata: told.metadata,
    },
  },
};
window.H5P = { preventInit: true };

function isHere(machine) {
  const made = machine.split(".").reduce((inside, name) => (inside ? inside[name] : undefined), window);
  return typeof made === "function";
}

function begin({ states, position, speed, is_elder: isElder }) {
  const { H5P } = window;
  const content = document.querySelector(".h5p-content");
  H5P.getContentPath = () => told.files;
  dress({ isElder });
  keepStates(H5P, states || {}, (key, data) => say("state", { key, data }));
  H5P.externalDispatcher.on("xAPI", (event) => {
    say("statement", { statement: JSON.parse(JSON.stringify(event.data.statement)) });
  });
  // A state knows better where its film stood.
  followFilm(content, {
    position: states && states["0/state"] ? 0 : position || 0,
    speed,
    tell: (film) => say("film", film),
    // Without a film that is only a part of it, the rest can be done.
    fail: () => told.machine === FILM && cannot("file"),
  });
  H5P.init(document.body);
  watchHeight(content, (height) => say("height", { height }), isFree);
  say("begun");
}

function bring(files) {
  if (isLoading) return;
  isLoading = true;
  // Behind whatever the core and the libraries do once they are there.
  load(told.loads, files).then(() => setTimeout(() => say("ready"), 0));
}

function start(message) {
  if (hasBegun || hasFailed) return;
  if (!told.is_whole) return void cannot("library");
  if (told.is_film_elsewhere) return void cannot("elsewhere");
  if (!window.H5P.init) return void cannot("script");
  if (!isHere(told.machine)) return void cannot("library");
  hasBegun = true;
  try {
    begin(message);
  } catch (error) {
    console.error(error);
    cannot("script");
  }
}

window.addEventListener(
  "error",
  (event) => {
    if (event.target instanceof HTMLScriptElement || event.target instanceof HTMLLinkElement) cannot("file");
    else if (!hasBegun && event.error instanceof SyntaxError) cannot("browser");
  },
  true,
);
window.addEventListener("message", (event) => {
  const message = event.data;
  if (event.source !== around || !message || message.xiangxue !== 1) return;
  if (message.type === "hand") bring(message.files || {});
  else if (message.type === "begin") start(message);
  else if (message.type === "ask" && hasBegun) saveNow(window.H5P);
});
mindWidthOnly(isFree);
// Once the page has been read, so that each library hears of it once (`load`).
document.addEventListener("DOMContentLoaded", () => (isHanded ? say("want", { addresses: told.loads }) : bring({})), { once: true });
