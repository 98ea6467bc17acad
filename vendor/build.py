"""Write the committed front-end files and the certificate font from the packages in package.json.

Own scripts of many small modules are bundled into one file each: a phone asks for one, not nine.

`python3 vendor/build.py` needs npm and rewrites every file listed here and the manifest.
`python3 vendor/build.py --check` needs neither Node nor a network: it compares the committed
files with the manifest and prints what differs (exit status 1).
"""

# ruff: noqa: T201, S603, S607  # a program of the terminal that calls npm and esbuild
from __future__ import annotations

import base64
import hashlib
import json
import lzma
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent
MANIFEST = HERE / "manifest.json"
SOURCES = ("package.json", "package-lock.json", ".npmrc")
OLDEST_BROWSER = "chrome61"
# Folders that hold nothing but what this program writes; a stranger in them is reported.
OWNED = ("tests/browser/vendor", "lms/static/vendor/hls", "courses/scorm/player/vendor")

Make = Callable[[Path, Path], bytes]


class Manifest(TypedDict):
    """What was built: the SHA-256 of the lock and the own scripts it came from, and of each written file."""

    lock: str
    scripts: str
    files: dict[str, str]


def copied(_modules: Path, source: Path) -> bytes:
    """Return the file as it is in its package."""
    return source.read_bytes()


def bundled(modules: Path, source: Path, form: str = "esm") -> bytes:
    """Return an own script with all that it imports as one file for the oldest browser we serve."""
    command = [str(modules / ".bin/esbuild"), str(source), "--bundle", f"--format={form}"]
    command += [f"--target={OLDEST_BROWSER}", "--minify"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def lowered(modules: Path, source: Path) -> bytes:
    """Return a package's plain script as the oldest browser we serve understands it."""
    command = [str(modules / ".bin/esbuild"), str(source), f"--target={OLDEST_BROWSER}", "--minify"]
    return unmapped(subprocess.run(command, check=True, capture_output=True).stdout)


def as_global(name: str) -> Make:
    """Return a maker of plain scripts that put all that a module exports under one global name."""

    def made(modules: Path, source: Path) -> bytes:
        command = [str(modules / ".bin/esbuild"), str(source), "--bundle", "--format=iife", "--minify"]
        command += [f"--global-name={name}", f"--target={OLDEST_BROWSER}", "--legal-comments=none"]
        return subprocess.run(command, check=True, capture_output=True).stdout

    return made


def mapless(_modules: Path, source: Path) -> bytes:
    """Return the script as it is in its package, without the address of its source map."""
    return unmapped(source.read_bytes())


def unmapped(code: bytes) -> bytes:
    """Drop the source map's address: the static files' manifest fails on a map that is missing."""
    return re.sub(rb"\s*//[#@] sourceMappingURL=\S*", b"", code).rstrip() + b"\n"


def with_signs_alone(_modules: Path, source: Path) -> bytes:
    """Return H5P's styles without the type for running text, which phones have, and with its signs inside."""
    styles = re.sub(rb"@font-face\s*{[^}]*'(?:Inter|Open Sans)'[^}]*}\s*", b"", source.read_bytes())
    signs = base64.b64encode((source.parent.parent / "fonts" / H5P_SIGNS[0]).read_bytes())
    address = f"../fonts/{H5P_SIGNS[0]}".encode()
    return styles.replace(address, b"data:font/woff2;base64," + signs)


def packed(_modules: Path, source: Path) -> bytes:
    """Return the file compressed with xz as far as it goes."""
    return lzma.compress(source.read_bytes(), preset=9 | lzma.PRESET_EXTREME)


def digest_line(_modules: Path, source: Path) -> bytes:
    """Return the SHA-256 of the file as one line of text."""
    return sha256(source.read_bytes()).encode() + b"\n"


# The run-time of SCORM, one file for each of its two standards.
SCORM, SCORM_PLAYER = "scorm-again", "courses/scorm/player/vendor"
# The GPL-3 core of H5P: a work of its own, served as such and spoken to by its public names alone.
H5P, H5P_CORE = "h5p-standalone", "courses/h5p/player/core"
H5P_SIGNS = ("h5p-core-30.woff2", "h5p-hub-publish.woff2", "h5p-theme.woff2")
SERIF = "@expo-google-fonts/noto-serif-sc"
SERIF_MEDIUM = f"{SERIF}/500Medium/NotoSerifSC_500Medium.ttf"
FILES: tuple[tuple[str, str, Make], ...] = (
    ("axe-core/axe.min.js", "tests/browser/vendor/axe.min.js", mapless),
    ("axe-core/LICENSE", "tests/browser/vendor/LICENSE", copied),
    ("hls.js/dist/hls.light.min.js", "lms/static/vendor/hls/hls.js", lowered),
    ("hls.js/LICENSE", "lms/static/vendor/hls/LICENSE", copied),
    (f"{H5P}/LICENSE", f"{H5P_CORE}/LICENSE", copied),
    (f"{H5P}/dist/frame.bundle.js", f"{H5P_CORE}/frame.bundle.js", lowered),
    (f"{H5P}/dist/styles/h5p.css", f"{H5P_CORE}/styles/h5p.css", with_signs_alone),
    (f"{H5P}/dist/images/throbber.gif", f"{H5P_CORE}/images/throbber.gif", copied),
    *((f"{H5P}/dist/fonts/{name}", f"{H5P_CORE}/fonts/{name}", copied) for name in H5P_SIGNS[1:]),
    (SERIF_MEDIUM, "lms/certificates/fonts/NotoSerifSC.ttf.xz", packed),
    (SERIF_MEDIUM, "lms/certificates/fonts/NotoSerifSC.ttf.sha256", digest_line),
    (f"{SERIF}/LICENSE_FONT", "lms/certificates/fonts/OFL.txt", copied),
    (f"{SCORM}/LICENSE", f"{SCORM_PLAYER}/LICENSE", copied),
    (f"{SCORM}/dist/esm/scorm12.js", f"{SCORM_PLAYER}/scorm12.js", as_global("Scorm12")),
    (f"{SCORM}/dist/esm/scorm2004.js", f"{SCORM_PLAYER}/scorm2004.js", as_global("Scorm2004")),
)


# Own modules and the one file that pages load.
BUNDLES: tuple[tuple[str, str], ...] = tuple(
    (f"lms/static/js/{name}.js", f"lms/static/js/{name}.bundle.js")
    for name in ("quiz", "roll", "site", "station", "study", "sw")
)
# The scripts of the frame in which H5P plays: no module, for they come before the core.
FRAME = ("courses/h5p/player/frame.js", "courses/h5p/player/frame.bundle.js")


def scripts_digest(project: Path) -> str:
    """Return one SHA-256 over our own scripts, of which the bundles are made."""
    scripts = [*(project / "lms/static/js").rglob("*.js"), *(project / FRAME[0]).parent.glob("*.js")]
    sources = sorted(path for path in scripts if not path.name.endswith(".bundle.js"))
    return sha256(b"\0".join(path.read_bytes() for path in sources))


def sha256(data: bytes) -> str:
    """Return the SHA-256 of the data in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def build() -> None:
    """Install the locked packages in a temporary folder and write every file and the manifest."""
    files: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in SOURCES:
            shutil.copy(HERE / name, folder)
        subprocess.run(["npm", "ci", "--ignore-scripts"], cwd=folder, check=True)
        modules = Path(folder) / "node_modules"
        made = [(target, make(modules, modules / source)) for source, target, make in FILES]
        made += [(target, bundled(modules, PROJECT / source)) for source, target in BUNDLES]
        made.append((FRAME[1], bundled(modules, PROJECT / FRAME[0], "iife")))
        for target, data in made:
            path = PROJECT / target
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            files[target] = sha256(data)
            print(f"{len(data):>10,} bytes  {target}")
    lock = sha256((HERE / "package-lock.json").read_bytes())
    manifest = Manifest(lock=lock, scripts=scripts_digest(PROJECT), files=files)
    MANIFEST.write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n")


def differences(project: Path, manifest: Manifest) -> list[str]:
    """Return one sentence for each committed file that is not what the manifest says."""
    found = []
    if sha256((project / "vendor/package-lock.json").read_bytes()) != manifest["lock"]:
        found.append("vendor/package-lock.json changed after the last build")
    if scripts_digest(project) != manifest["scripts"]:
        found.append("a bundled script changed after the last build: run vendor/build.py")
    for name, expected in manifest["files"].items():
        path = project / name
        if not path.is_file():
            found.append(f"{name} is missing")
        elif sha256(path.read_bytes()) != expected:
            found.append(f"{name} was changed by hand")
    for folder in OWNED:
        for path in sorted((project / folder).rglob("*")):
            name = path.relative_to(project).as_posix()
            if path.is_file() and name not in manifest["files"]:
                found.append(f"{name} was not written by vendor/build.py")
    return found


def main(arguments: list[str]) -> int:
    """Build, or with --check compare; return the exit status."""
    if arguments == ["--check"]:
        found = differences(PROJECT, json.loads(MANIFEST.read_text()))
        print("\n".join(found) or "vendored files: unchanged")
        return 1 if found else 0
    if arguments:
        print(__doc__)
        return 2
    build()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
