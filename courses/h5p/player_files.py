"""The player: H5P's core, and our scripts around it in one bundle."""

import base64
import hashlib
from pathlib import Path

from courses.packages.player_files import PlayerFiles

FOLDER = Path(__file__).parent / "player"
# Stands in the frame's page itself: one way to the server less before anything begins.
SCRIPT = (FOLDER / "frame.bundle.js").read_text("utf-8")
SCRIPT_HASH = f"sha256-{base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()}"
# What is served beside it.
NAMES = (
    "core/frame.bundle.js",
    "core/styles/h5p.css",
    "core/images/throbber.gif",
    "core/fonts/h5p-hub-publish.woff2",
    "core/fonts/h5p-theme.woff2",
    "core/COPYING",
)
PLAYER = PlayerFiles(FOLDER, NAMES)
