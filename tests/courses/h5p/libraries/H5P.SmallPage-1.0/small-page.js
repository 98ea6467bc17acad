var H5P = H5P || {};

// As some libraries do: nothing before the page has been read.
document.addEventListener('DOMContentLoaded', function () {
  /** A text to read; it reports nothing. */
  H5P.SmallPage = function (params, contentId) {
    H5P.EventDispatcher.call(this);
    this.contentId = contentId;
    this.attach = function ($container) {
      $container.addClass('h5p-small-page').html('<div class="h5p-small-page-text">' + (params.text || '') + '</div>');
      this.trigger('resize');
    };
  };
  H5P.SmallPage.prototype = Object.create(H5P.EventDispatcher.prototype);
  H5P.SmallPage.prototype.constructor = H5P.SmallPage;
});
