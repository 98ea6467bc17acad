"""`python3 run.py`: kind messages, no needless work, and no process left behind."""

import http.client
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import run
from tests.bench.__main__ import BENCHES
from tests.databases import Databases

ROOT = Path(run.__file__).parent
PATIENCE_SECONDS = 120.0


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty place for the environment."""
    folder = tmp_path / "venv"
    monkeypatch.setattr(run, "VENV", folder)
    monkeypatch.setattr(run, "PYTHON", folder / "bin" / "python")
    return folder


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What would have been run."""
    seen: list[list[str]] = []

    def note(command: list[str], **options: object) -> int:
        seen.append(command)
        return 0

    monkeypatch.setattr(run, "run", note)
    return seen


def make(venv: Path) -> None:
    (venv / "bin").mkdir(parents=True, exist_ok=True)
    (venv / "bin" / "python").touch()


def test_another_python_is_told_kindly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(run.Trouble, match=r"需要 Python 3\.11[\s\S]*is needed"):
        run.insist_on_python()


def test_another_python_hands_over_to_the_right_one(monkeypatch: pytest.MonkeyPatch) -> None:
    handed = []
    monkeypatch.setattr(sys, "version_info", (3, 13, 1))
    monkeypatch.setattr("shutil.which", lambda name: f"/opt/{name}")
    monkeypatch.setattr(os, "execv", lambda *call: handed.append(call) or sys.exit(0))
    with pytest.raises(SystemExit):
        run.insist_on_python()
    assert handed[0][0] == "/opt/python3.11"


@pytest.mark.parametrize("port", ["", "http", "0", "65536", "-1", "80.5"])
def test_a_port_that_is_none_is_told(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(run.Trouble, match="PORT="):
        run.port_number("PORT", 8000)


@pytest.mark.parametrize("name", ["PORT", "CONTENT_PORT"])
def test_a_port_that_is_taken_is_told(name: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(run.Trouble, match=rf"已被占用[\s\S]*：{name}=8\d80"):
            run.insist_on_free("127.0.0.1", other.getsockname()[1], name)


def test_a_free_port_is_free() -> None:
    run.insist_on_free("127.0.0.1", free_port(), "PORT")


@pytest.mark.parametrize(
    ("host", "reached"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::", "[::1]")]
)
def test_the_site_is_reached_from_its_own_machine(host: str, reached: str) -> None:
    assert run.local(host) == reached


def test_packages_are_installed_with_hashes_only_when_the_lock_changed(
    venv: Path, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: "/opt/uv")
    make(venv)
    run.install("requirements.lock")
    assert [command for command in commands if "--require-hashes" in command]
    commands.clear()
    run.install("requirements.lock")
    assert commands == []
    run.mark("requirements.lock").write_text("an older lock")
    run.install("requirements.lock")
    assert commands


def test_the_test_lock_holds_the_others(
    venv: Path, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: "/opt/uv")
    make(venv)
    run.install("requirements-test.lock")
    assert all(run.is_installed(lock) for lock in run.LOCKS)


def test_without_uv_pip_installs_with_hashes(venv: Path) -> None:
    made, filled = run.with_pip("requirements.lock")
    assert made[1:3] == ["-m", "venv"]
    assert {"pip", "--require-hashes"} <= set(filled)


def test_without_venv_the_package_is_named(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(run.Trouble, match="python3-venv"):
        run.with_pip("requirements.lock")


def test_an_installation_that_failed_is_tried_again(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(venv)
    monkeypatch.setattr("shutil.which", lambda name: "/opt/uv")
    monkeypatch.setattr(run, "run", lambda command, **options: 1)
    with pytest.raises(run.Trouble, match="安装没有成功"):
        run.install("requirements.lock")
    assert not run.is_installed("requirements.lock")


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["help"]) == 0
    told = capsys.readouterr().out
    assert all(f"run.py {name}" in told for name in ("test", "check", "bench", "shots", "lock"))
    assert run.main(["nonsense"]) == 2


def test_locks_hold_hashes_and_no_addresses() -> None:
    for lock in run.LOCKS:
        text = (ROOT / lock).read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text


# --- with real processes -----------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Started:
    """run.py in a process of its own, with the packages of this test run and a database of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.content_port = free_port()
        self.log = folder / "log"

    def start(self) -> subprocess.Popen[bytes]:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")},
            "VAR_DIR": str(self.folder / "var"),
            "VENV_DIR": str(self.folder / "venv"),
            "PORT": str(self.port),
            "CONTENT_PORT": str(self.content_port),
            "DATABASE_URL": f"sqlite:///{self.folder / 'site.sqlite3'}",
            "DEMO": "false",
            "ALLOWED_HOSTS": "127.0.0.1",
            "SECRET_KEY": secrets.token_urlsafe(48),
            "IDENTITY_KEY": secrets.token_urlsafe(48),
        }
        with self.log.open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "run.py"], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
            )

    def processes(self) -> list[int]:
        """Everything alive that was started here, found by its environment."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                is_ours = f"VAR_DIR={self.folder}".encode() in (entry / "environ").read_bytes()
                is_dead = (entry / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
            except OSError:
                continue
            if is_ours and not is_dead:
                found.append(int(entry.name))
        return found

    def get(self, path: str, *, name: str = "127.0.0.1", port: int = 0) -> tuple[int, str]:
        """What the proxy in front would be told for a browser that came by TLS."""
        asked = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=30)
        headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
        asked.request("GET", path, headers={**headers, "Host": f"{name}:{port or self.port}"})
        answer = asked.getresponse()
        return answer.status, answer.read().decode()

    def has_started(self) -> bool:
        return "is running at" in self.log.read_text()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[Started]:
    """Two environments in one: the packages of this run, marked as installed; the database is migrated."""
    folder = tmp_path_factory.mktemp("site")
    databases.copy_migrated(folder / "site.sqlite3")
    venv = folder / "venv"
    venv.mkdir()
    for name in ("bin", "lib", "pyvenv.cfg"):
        (venv / name).symlink_to(Path(sys.prefix) / name)
    for lock in run.LOCKS:
        (venv / f"installed-{lock}").write_text(run.digest(lock))
    made = Started(folder)
    yield made
    for pid in made.processes():
        os.kill(pid, signal.SIGKILL)


def wait_until(is_so: Callable[[], bool], site: Started, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(site.log.read_text()[-3000:])
        time.sleep(0.1)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_process_outlives_run_py(site: Started, number: signal.Signals) -> None:
    process = site.start()
    wait_until(site.has_started, site, process)
    assert len(site.processes()) == 3  # itself, the web server, the job runner
    status, page = site.get("/privacy/")
    style = re.search(r'href="(/static/css/app\.[^"]+css)"', page)
    assert status == 200
    assert style is not None
    assert site.get(style[1])[0] == 200
    assert site.get("/privacy/", name="localhost", port=site.content_port) == (404, "")
    process.send_signal(number)
    assert process.wait(60) == (-number if number == signal.SIGKILL else 128 + number)
    deadline = time.monotonic() + 30
    while site.processes() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert site.processes() == []


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_server_that_dies_ends_the_rest(site: Started) -> None:
    process = site.start()
    wait_until(site.has_started, site, process)
    children = [pid for pid in site.processes() if pid != process.pid]
    os.kill(children[0], signal.SIGKILL)
    assert process.wait(60) == 1
    assert site.processes() == []


def test_every_bench_is_listed() -> None:
    """The pieces that benches share have no `main` of their own."""
    folder = ROOT / "tests" / "bench"
    with_main = {path.stem for path in folder.glob("*.py") if "\ndef main(" in path.read_text()}
    assert with_main - {"__main__"} == set(BENCHES)
