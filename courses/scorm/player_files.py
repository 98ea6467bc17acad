"""The run-time: scorm-again, and our host page's scripts and styles around it."""

from pathlib import Path

from courses.packages.player_files import PlayerFiles

RUNTIMES = {"1.2": "vendor/scorm12.js", "2004": "vendor/scorm2004.js"}
OURS = ("host.css", "host.js", "menu.js", "session.js")
PLAYER = PlayerFiles(Path(__file__).parent / "player", (*OURS, *RUNTIMES.values()))
