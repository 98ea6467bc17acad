"""Scripts that make a browser say whether it plays lists of pieces by itself."""

_SAYS = """const said = HTMLMediaElement.prototype.canPlayType;
HTMLMediaElement.prototype.canPlayType = function (type) {
  return type.includes("mpegurl") ? "%s" : said.call(this, type);
};"""
# Chromium's own player of lists drops what is loaded when the network goes; the engine plays it to its end.
BY_ENGINE, BY_ITSELF = _SAYS % "", _SAYS % "maybe"
