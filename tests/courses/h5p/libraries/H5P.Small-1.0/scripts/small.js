var H5P = H5P || {};

/** A statement that is true or false: two buttons, one answer, one point. */
H5P.Small = (function ($) {
  function Small(params, contentId, extras) {
    H5P.EventDispatcher.call(this);
    this.params = $.extend(true, {question: '', correct: true, l10n: {yes: 'True', no: 'False'}}, params);
    this.contentId = contentId;
    var before = extras && extras.previousState;
    this.answer = before && typeof before.answer === 'boolean' ? before.answer : null;
  }

  Small.prototype = Object.create(H5P.EventDispatcher.prototype);
  Small.prototype.constructor = Small;

  Small.prototype.attach = function ($container) {
    var self = this;
    this.setActivityStarted();
    $container.addClass('h5p-small').html('<div class="h5p-small-question">' + this.params.question + '</div>');
    this.$buttons = $('<div class="h5p-small-answers" role="group"></div>').appendTo($container);
    [[true, this.params.l10n.yes], [false, this.params.l10n.no]].forEach(function (row) {
      $('<button type="button" class="h5p-small-answer"></button>')
        .text($('<span>').html(row[1]).text())
        .attr('data-answer', String(row[0]))
        .on('click', function () { self.choose(row[0]); })
        .appendTo(self.$buttons);
    });
    this.$score = $('<p class="h5p-small-score" role="status"></p>').appendTo($container);
    this.show();
    this.trigger('resize');
  };

  Small.prototype.choose = function (answer) {
    this.answer = answer;
    this.show();
    this.trigger(this.answered());
    if (!this.parent) {
      this.triggerXAPIScored(this.getScore(), this.getMaxScore(), 'completed', true, this.getScore() === 1);
    }
    this.trigger('resize');
  };

  Small.prototype.answered = function () {
    var event = this.createXAPIEventTemplate('answered');
    var definition = event.getVerifiedStatementValue(['object', 'definition']);
    definition.interactionType = 'true-false';
    definition.type = 'http://adlnet.gov/expapi/activities/cmi.interaction';
    definition.description = {'en-US': $('<div>').html(this.params.question).text()};
    definition.correctResponsesPattern = [String(this.params.correct)];
    event.setScoredResult(this.getScore(), this.getMaxScore(), this, true, this.getScore() === 1);
    event.data.statement.result.response = String(this.answer);
    return event;
  };

  Small.prototype.show = function () {
    var answer = this.answer;
    this.$buttons.children().each(function () {
      $(this).attr('aria-pressed', String($(this).attr('data-answer') === String(answer)));
    });
    this.$score.text(answer === null ? '' : this.getScore() + '/' + this.getMaxScore());
  };

  Small.prototype.getAnswerGiven = function () { return this.answer !== null; };
  Small.prototype.getScore = function () { return this.answer === this.params.correct ? 1 : 0; };
  Small.prototype.getMaxScore = function () { return 1; };
  Small.prototype.getTitle = function () { return H5P.createTitle(this.params.question); };
  Small.prototype.getXAPIData = function () { return {statement: this.answered().data.statement}; };
  Small.prototype.getCurrentState = function () {
    return this.answer === null ? undefined : {answer: this.answer};
  };
  Small.prototype.resetTask = function () { this.answer = null; this.show(); };
  Small.prototype.showSolutions = function () {};

  return Small;
})(H5P.jQuery);
