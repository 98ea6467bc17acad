"""The demo as people meet it: its own database, a web server and a job runner in processes of their own."""

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from playwright.sync_api import Browser, BrowserContext

import run
from tests.databases import demo_environment

ROOT = Path(run.__file__).parent
START_SECONDS = 180.0
CODE_SECONDS = 10.0


@dataclass(frozen=True)
class Shown:
    """A page for eyes, with its address in this demo and the session of the person it is shown to."""

    name: str
    kind: str
    path: str
    session: str

    @property
    def is_light(self) -> bool:
        """Whether a phone with a poor signal opens it: then it has a budget."""
        return self.kind in {"learner", "public"}


class DemoSite:
    """Starts on entering, ends with every process on leaving; everything it writes lies in the folder.

    `sessions` and `numbers` are by the keys of the demo's accounts and of its cast, `phones` by those of the
    accounts; `content` has the addresses of courses and lessons by their slugs.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.content_port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        # Another name of this machine: cookies know no ports.
        self.content_origin = f"http://localhost:{self.content_port}"
        self.shown: list[Shown] = []
        self.sessions: Mapping[str, str] = {}
        self.numbers: Mapping[str, str] = {}
        self.phones: Mapping[str, str] = {}
        self.content: Mapping[str, str] = {}
        self.password = ""
        self._children: list[subprocess.Popen[bytes]] = []
        self._log = folder / "site.log"

    def __enter__(self) -> Self:
        media = self.folder / "media" / "demo"
        media.parent.mkdir(parents=True, exist_ok=True)
        if not media.is_symlink():
            media.symlink_to(ROOT / "media" / "demo")
        try:
            self.manage("prepare", "--accounts", str(self.folder / "accounts"))
            self._read(self.run("-m", "tests.browser.rows"))
            listen = [f"--listen=127.0.0.1:{port}" for port in (self.port, self.content_port)]
            self._start("-m", "waitress", *listen, "--threads=8", "lms.wsgi:application")
            self._start("manage.py", "run_jobs")
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        run.end(self._children)

    @property
    def environment(self) -> dict[str, str]:
        """A demo of its own, with its own files and address."""
        return {
            **demo_environment(self.folder / "var"),
            "MEDIA_ROOT": str(self.folder / "media"),
            "SITE_URL": self.url,
            "CONTENT_ORIGIN": self.content_origin,
        }

    def context(
        self,
        browser: Browser,
        *,
        session: str,
        size: Mapping[str, int],
        elder: bool = False,
        **more: Any,  # further options of Playwright's new_context()
    ) -> BrowserContext:
        """A browser window of somebody, signed in when there is a session."""
        context = browser.new_context(
            base_url=self.url, viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", **more
        )
        cookies = {"sessionid": session, "elder": "1" if elder else ""}
        given = {name: value for name, value in cookies.items() if value}
        context.add_cookies(
            [{"name": name, "value": value, "url": self.url} for name, value in given.items()]
        )
        return context

    def last_code(self, phone: str) -> str:
        """The newest sign-in code that the demo printed for a phone instead of sending it."""
        deadline = time.monotonic() + CODE_SECONDS
        while time.monotonic() < deadline:
            told = self._log.read_text(errors="replace")
            if codes := re.findall(rf"SMS {phone}: \D*(\d{{6}})", told):
                return str(codes[-1])
            time.sleep(0.1)
        raise LookupError(f"no code was sent to {phone}")

    def manage(self, *arguments: str) -> str:
        """Run a command of the site and give what it says."""
        return self.run("manage.py", *arguments)

    def _read(self, told: str) -> None:
        given: dict[str, Any] = json.loads(told.splitlines()[-1])  # as rows.py prints it
        self.shown = [Shown(**row) for row in given.pop("shown")]
        for name, value in given.items():
            setattr(self, name, value)

    def run(self, *arguments: str) -> str:
        """Run a Python program in the site's environment and give what it says."""
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)}:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
        return done.stdout

    def _start(self, *arguments: str) -> None:
        with self._log.open("ab") as log:
            self._children.append(
                subprocess.Popen(
                    [sys.executable, "-u", *arguments],
                    cwd=ROOT,
                    env=self.environment,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    preexec_fn=run.die_with_parent,
                )
            )

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not run.answers("127.0.0.1", self.port):
            if any(child.poll() is not None for child in self._children) or time.monotonic() > deadline:
                raise RuntimeError(self._log.read_text(errors="replace")[-4000:])
            time.sleep(0.1)


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
