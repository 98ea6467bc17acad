// Four pages and a question, told to SCORM 1.2: where the learner stands, what was read and answered, the points.
(function () {
  "use strict";

  var RIGHT = "b";
  var began = new Date();
  var isOver = false;

  function findApi(view) {
    for (var steps = 0; steps < 10; steps += 1) {
      if (view.API) { return view.API; }
      if (view.parent === view) { return null; }
      view = view.parent;
    }
    return null;
  }

  var api = findApi(window);
  var pages = Array.prototype.slice.call(document.querySelectorAll("[data-page]"));
  var back = document.querySelector("[data-back]");
  var next = document.querySelector("[data-next]");
  var place = document.querySelector("[data-place]");
  var form = document.querySelector("[data-question]");
  var told = document.querySelector("[data-told]");
  var state = { page: 0, seen: [], answer: "" };

  function get(name) { return api ? api.LMSGetValue(name) : ""; }
  function set(name, value) { if (api) { api.LMSSetValue(name, String(value)); } }

  function two(number) { return (number < 10 ? "0" : "") + number; }
  function clock(seconds) {
    return two(Math.floor(seconds / 3600)) + ":" + two(Math.floor(seconds / 60) % 60) + ":" + two(Math.floor(seconds) % 60);
  }

  function keep() {
    set("cmi.core.lesson_location", state.page);
    set("cmi.suspend_data", JSON.stringify(state));
    set("cmi.core.session_time", clock((new Date() - began) / 1000));
    if (api) { api.LMSCommit(""); }
  }

  function show(isMoved) {
    pages.forEach(function (page, n) { page.hidden = n !== state.page; });
    back.disabled = state.page === 0;
    next.disabled = state.page === pages.length - 1;
    place.textContent = place.getAttribute("data-words").replace("{n}", state.page + 1).replace("{all}", pages.length);
    if (state.seen.indexOf(state.page) < 0) { state.seen.push(state.page); }
    if (isMoved) { pages[state.page].querySelector("h1").focus(); }
  }

  function go(step) {
    state.page += step;
    show(true);
    keep();
  }

  function tell() {
    var isRight = state.answer === RIGHT;
    told.hidden = false;
    told.className = isRight ? "right" : "";
    told.textContent = told.getAttribute(isRight ? "data-right" : "data-wrong");
    Array.prototype.forEach.call(form.elements, function (field) {
      field.disabled = true;
      if (field.value === state.answer) { field.checked = true; }
    });
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var chosen = form.querySelector("input:checked");
    if (!chosen) {
      told.hidden = false;
      told.textContent = told.getAttribute("data-missing");
      return;
    }
    state.answer = chosen.value;
    tell();
    var isRight = state.answer === RIGHT;
    set("cmi.core.score.min", 0);
    set("cmi.core.score.max", 100);
    set("cmi.core.score.raw", isRight ? 100 : 0);
    set("cmi.core.lesson_status", isRight ? "passed" : "failed");
    keep();
  });

  function close() {
    if (isOver || !api) { return; }
    isOver = true;
    set("cmi.core.exit", state.answer ? "" : "suspend");
    keep();
    api.LMSFinish("");
  }

  back.addEventListener("click", function () { go(-1); });
  next.addEventListener("click", function () { go(1); });
  window.addEventListener("pagehide", close);
  window.addEventListener("unload", close);

  if (api) { api.LMSInitialize(""); }
  var status = get("cmi.core.lesson_status");
  if (status === "" || status === "not attempted") { set("cmi.core.lesson_status", "incomplete"); }
  try {
    state = JSON.parse(get("cmi.suspend_data")) || state;
  } catch (error) {
    // Nothing was kept yet.
  }
  state.page = Math.min(pages.length - 1, Number(get("cmi.core.lesson_location")) || state.page);
  show(false);
  if (state.answer) { tell(); }
  keep();
}());
