// Statements one after the other, each judged true or false, with the reason at once. Written for old phones too.
var Xiangxue = Xiangxue || {};

Xiangxue.Judge = (function () {
  "use strict";

  function fill(words, values) {
    return words.replace(/\{(\w+)\}/g, function (whole, name) { return values[name]; });
  }

  function made(name, className, words) {
    var element = document.createElement(name);
    if (className) { element.className = className; }
    if (words) { element.textContent = words; }
    return element;
  }

  // Parameters come as HTML from an author's editor: marks and entities are read, nothing is run.
  function plain(html) {
    return new DOMParser().parseFromString(html || "", "text/html").body.textContent;
  }

  function Judge(params, contentId, extras) {
    H5P.EventDispatcher.call(this);
    this.contentId = contentId;
    this.intro = plain(params.intro);
    this.labels = params.labels;
    this.passPercent = params.passPercent;
    this.statements = params.statements;
    var state = (extras && extras.previousState) || {};
    this.answers = Array.isArray(state.answers) ? state.answers.slice(0, this.statements.length) : [];
  }

  Judge.prototype = Object.create(H5P.EventDispatcher.prototype);
  Judge.prototype.constructor = Judge;

  Judge.prototype.attach = function ($container) {
    this.box = made("div", "xx-judge");
    $container.get(0).appendChild(this.box);
    this.setActivityStarted();
    this.show(false);
  };

  // What H5P keeps, so that the learner goes on where they stopped.
  Judge.prototype.getCurrentState = function () {
    return { answers: this.answers };
  };

  Judge.prototype.getScore = function () {
    var statements = this.statements;
    return this.answers.filter(function (answer, n) { return answer === Boolean(statements[n].isTrue); }).length;
  };

  Judge.prototype.getMaxScore = function () {
    return this.statements.length;
  };

  Judge.prototype.getAnswerGiven = function () {
    return this.answers.length > 0;
  };

  Judge.prototype.show = function (isMoved) {
    this.box.textContent = "";
    if (this.answers.length < this.statements.length) { this.ask(this.answers.length); } else { this.tell(); }
    if (isMoved) { this.box.querySelector("[tabindex]").focus(); }
    this.trigger("resize");
  };

  Judge.prototype.ask = function (n) {
    var self = this;
    var asked = this.statements[n];
    if (n === 0 && this.intro) { this.box.appendChild(made("p", "xx-intro", this.intro)); }
    this.box.appendChild(made("p", "xx-place", fill(this.labels.place, { n: n + 1, all: this.statements.length })));
    var text = made("p", "xx-statement", plain(asked.text));
    text.tabIndex = -1;
    this.box.appendChild(text);
    var row = made("div", "xx-row");
    [[true, this.labels.yes], [false, this.labels.no]].forEach(function (choice) {
      var button = made("button", "xx-button", choice[1]);
      button.type = "button";
      button.setAttribute("data-answer", choice[0]);
      button.addEventListener("click", function () { self.answer(n, choice[0], row); });
      row.appendChild(button);
    });
    this.box.appendChild(row);
  };

  Judge.prototype.answer = function (n, given, row) {
    var self = this;
    var asked = this.statements[n];
    var isRight = given === Boolean(asked.isTrue);
    var isLast = n + 1 === this.statements.length;
    this.answers[n] = given;
    this.report(n, given, isRight);
    Array.prototype.forEach.call(row.children, function (button) {
      button.disabled = true;
      if (button.getAttribute("data-answer") === String(given)) { button.classList.add("xx-chosen"); }
    });
    var told = made("p", isRight ? "xx-told xx-right" : "xx-told", isRight ? this.labels.right : this.labels.wrong);
    told.setAttribute("role", "status");
    told.appendChild(made("span", "xx-why", plain(asked.why)));
    var next = made("button", "xx-button xx-next", isLast ? this.labels.finish : this.labels.next);
    next.type = "button";
    next.addEventListener("click", function () { self.show(true); });
    this.box.appendChild(told);
    this.box.appendChild(next);
    next.focus();
    this.trigger("resize");
    if (isLast) { this.complete(); }
  };

  // A part: it has the whole as its parent, and decides nothing by itself.
  Judge.prototype.report = function (n, given, isRight) {
    var asked = this.statements[n];
    var event = this.createXAPIEventTemplate("answered");
    var statement = event.data.statement;
    var whole = statement.object.id;
    statement.object.id = whole + "?subContentId=" + asked.id;
    statement.object.definition = {
      type: "http://adlnet.gov/expapi/activities/cmi.interaction",
      interactionType: "true-false",
      description: { "en-US": plain(asked.text) },
      correctResponsesPattern: [String(Boolean(asked.isTrue))]
    };
    statement.context = statement.context || {};
    statement.context.contextActivities = statement.context.contextActivities || {};
    statement.context.contextActivities.parent = [{ id: whole, objectType: "Activity" }];
    statement.result = {
      response: String(given),
      success: isRight,
      completion: true,
      score: { min: 0, max: 1, raw: isRight ? 1 : 0, scaled: isRight ? 1 : 0 }
    };
    this.trigger(event);
  };

  Judge.prototype.complete = function () {
    var score = this.getScore();
    var isPassed = score * 100 >= this.passPercent * this.statements.length;
    this.triggerXAPIScored(score, this.statements.length, "completed", true, isPassed);
  };

  Judge.prototype.tell = function () {
    var self = this;
    var values = { n: this.getScore(), all: this.statements.length };
    var told = made("p", "xx-statement", fill(this.labels.score, values));
    told.tabIndex = -1;
    var again = made("button", "xx-button", this.labels.again);
    again.type = "button";
    again.addEventListener("click", function () {
      self.answers = [];
      self.setActivityStarted();
      self.show(true);
    });
    this.box.appendChild(told);
    this.box.appendChild(again);
  };

  return Judge;
}());
