"""The desk's pages on which plans are read, beside who still needs what."""
