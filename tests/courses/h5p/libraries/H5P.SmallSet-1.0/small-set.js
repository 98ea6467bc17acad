var H5P = H5P || {};

/** Several contents below each other; it is completed when everything that asks was answered. */
H5P.SmallSet = (function ($) {
  function SmallSet(params, contentId, extras) {
    H5P.EventDispatcher.call(this);
    this.params = $.extend({introduction: '', questions: []}, params);
    this.contentId = contentId;
    this.before = (extras && extras.previousState && extras.previousState.children) || [];
    this.children = [];
    this.isCompleted = false;
  }

  SmallSet.prototype = Object.create(H5P.EventDispatcher.prototype);
  SmallSet.prototype.constructor = SmallSet;

  SmallSet.prototype.attach = function ($container) {
    var self = this;
    this.setActivityStarted();
    $container.addClass('h5p-small-set').html(this.params.introduction);
    this.params.questions.forEach(function (question, place) {
      var $place = $('<div class="h5p-small-set-question"></div>').appendTo($container);
      var extras = {parent: self, previousState: self.before[place]};
      var child = H5P.newRunnable(question, self.contentId, $place, true, extras);
      child.on('xAPI', function (event) {
        if (event.getVerb() === 'answered') { self.complete(); }
      });
      child.on('resize', function () { self.trigger('resize'); });
      self.children.push(child);
    });
    this.trigger('resize');
  };

  SmallSet.prototype.asking = function () {
    return this.children.filter(function (child) { return child.getMaxScore; });
  };
  SmallSet.prototype.complete = function () {
    var isDone = this.asking().every(function (child) { return child.getAnswerGiven(); });
    if (isDone && !this.isCompleted) {
      this.isCompleted = true;
      this.triggerXAPICompleted(this.getScore(), this.getMaxScore(), this.getScore() === this.getMaxScore());
    }
  };
  SmallSet.prototype.getScore = function () {
    return this.asking().reduce(function (sum, child) { return sum + child.getScore(); }, 0);
  };
  SmallSet.prototype.getMaxScore = function () {
    return this.asking().reduce(function (sum, child) { return sum + child.getMaxScore(); }, 0);
  };
  SmallSet.prototype.getCurrentState = function () {
    return {children: this.children.map(function (child) {
      return child.getCurrentState ? child.getCurrentState() : undefined;
    })};
  };

  return SmallSet;
})(H5P.jQuery);
