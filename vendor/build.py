"""Write the committed front-end files and the certificate font from the packages in package.json.

Own scripts of many small modules are bundled into one file each: a phone asks for one, not nine.

`python3 vendor/build.py` needs npm and rewrites every file listed here and the manifest.
`python3 vendor/build.py --check` needs neither Node nor a network: it compares the committed
files with the manifest and prints what differs (exit status 1).
"""

# ruff: noqa: T201, S603, S607  # a program of the terminal that calls npm and esbuild
from __future__ import annotations

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
OWNED = ("tests/browser/vendor", "lms/static/vendor/hls")

Make = Callable[[Path, Path], bytes]


class Manifest(TypedDict):
    """What was built: the SHA-256 of the lock and the own scripts it came from, and of each written file."""

    lock: str
    scripts: str
    files: dict[str, str]


def copied(_modules: Path, source: Path) -> bytes:
    """Return the file as it is in its package."""
    return source.read_bytes()


def bundled(modules: Path, source: Path) -> bytes:
    """Return an own script with all that it imports as one module for the oldest browser we serve."""
    command = [str(modules / ".bin/esbuild"), str(source), "--bundle", "--format=esm"]
    command += [f"--target={OLDEST_BROWSER}", "--minify"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def lowered(modules: Path, source: Path) -> bytes:
    """Return a package's plain script as the oldest browser we serve understands it."""
    command = [str(modules / ".bin/esbuild"), str(source), f"--target={OLDEST_BROWSER}", "--minify"]
    return unmapped(subprocess.run(command, check=True, capture_output=True).stdout)


def mapless(_modules: Path, source: Path) -> bytes:
    """Return the script as it is in its package, without the address of its source map."""
    return unmapped(source.read_bytes())


def unmapped(code: bytes) -> bytes:
    """Drop the source map's address: the static files' manifest fails on a map that is missing."""
    return re.sub(rb"\s*//[#@] sourceMappingURL=\S*", b"", code).rstrip() + b"\n"


def packed(_modules: Path, source: Path) -> bytes:
    """Return the file compressed with xz as far as it goes."""
    return lzma.compress(source.read_bytes(), preset=9 | lzma.PRESET_EXTREME)


def digest_line(_modules: Path, source: Path) -> bytes:
    """Return the SHA-256 of the file as one line of text."""
    return sha256(source.read_bytes()).encode() + b"\n"


SERIF = "@expo-google-fonts/noto-serif-sc"
SERIF_MEDIUM = f"{SERIF}/500Medium/NotoSerifSC_500Medium.ttf"
FILES: tuple[tuple[str, str, Make], ...] = (
    ("axe-core/axe.min.js", "tests/browser/vendor/axe.min.js", mapless),
    ("axe-core/LICENSE", "tests/browser/vendor/LICENSE", copied),
    ("hls.js/dist/hls.light.min.js", "lms/static/vendor/hls/hls.js", lowered),
    ("hls.js/LICENSE", "lms/static/vendor/hls/LICENSE", copied),
    (SERIF_MEDIUM, "lms/certificates/fonts/NotoSerifSC.ttf.xz", packed),
    (SERIF_MEDIUM, "lms/certificates/fonts/NotoSerifSC.ttf.sha256", digest_line),
    (f"{SERIF}/LICENSE_FONT", "lms/certificates/fonts/OFL.txt", copied),
)


# Own modules and the one file that pages load.
BUNDLES: tuple[tuple[str, str], ...] = tuple(
    (f"lms/static/js/{name}.js", f"lms/static/js/{name}.bundle.js")
    for name in ("quiz", "roll", "site", "station", "study", "sw")
)


def scripts_digest(project: Path) -> str:
    """Return one SHA-256 over our own scripts, of which the bundles are made."""
    scripts = (project / "lms/static/js").rglob("*.js")
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
        found.append("a bundled script of lms/static/js changed after the last build: run vendor/build.py")
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
