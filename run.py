#!/usr/bin/env python3
"""Start 乡学, or test and check it, with nothing but Python 3.11: `python3 run.py [help]`.

Standard library only. Makes `.venv`, installs the locked packages when the lock changed, migrates,
loads the demo once, and runs the web server and the job runner as children that end with it.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import http.client
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Child = subprocess.Popen[bytes]

ROOT = Path(__file__).resolve().parent
VENV = Path(os.environ.get("VENV_DIR", str(ROOT / ".venv")))
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
WANTED = (3, 11)
START_SECONDS = 90
# A job in hand may finish; one that takes longer is taken up again at the next start.
STOP_SECONDS = 10
# What is proposed to whoever finds a port taken.
OTHER_PORTS = {"PORT": 8080, "CONTENT_PORT": 8180}
INTERRUPTED = 128 + signal.SIGINT
LOCKS = {
    "requirements.lock": [],
    "requirements-production.lock": ["--extra", "production"],
    "requirements-test.lock": ["--extra", "production", "--extra", "test"],
}
HELP = """\
python3 run.py              启动乡学（PORT 端口，默认 8000；HOST 地址，默认 127.0.0.1；
                            CONTENT_PORT 互动内容的端口，默认 PORT 加 1）
                            start everything (PORT, default 8000; HOST, default 127.0.0.1;
                            CONTENT_PORT for interactive content, default PORT + 1)
python3 run.py test [...]   运行测试，参数交给 pytest / run the tests, arguments go to pytest
python3 run.py check        代码检查 / linters, types, layers, migrations, translations, settings
python3 run.py bench [name] 性能对比表 / benchmark tables
python3 run.py shots [dir]  每个页面的截图 / a picture of every page
python3 run.py lock         重新生成锁定文件（需要 uv） / make the lock files anew (needs uv)
"""


class Trouble(Exception):
    """Something that the person at the keyboard can put right; its text says how."""


def say(chinese: str, english: str) -> None:
    """Tell something in both languages."""
    print(f"{chinese}\n  {english}", flush=True)


# --- processes -----------------------------------------------------------------------------------


def die_with_parent() -> None:
    """In a child on Linux: be told to stop when this program is killed, however it is killed."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def spawn(command: list[str], *, env: dict[str, str] | None = None, own_group: bool = False) -> Child:
    """Start a child in the project's folder; one with its own group hears nothing of Ctrl-C by itself."""
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        start_new_session=own_group,
        preexec_fn=die_with_parent if os.name == "posix" else None,  # no threads here
    )


def run(command: list[str], *, env: dict[str, str] | None = None) -> int:
    """Run one program to its end; it never outlives this one. Gives its exit status."""
    child = spawn(command, env=env)
    try:
        return child.wait()
    except SystemExit as leaving:
        if leaving.code == INTERRUPTED:  # Ctrl-C reached the child too: it may say its last words
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(STOP_SECONDS)
        raise
    finally:
        end([child])


def end(children: list[Child]) -> None:
    """Ask every child to stop, wait, and kill what is left with everything it started."""
    for child in children:
        tell(child, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(max(0.1, deadline - time.monotonic()))
        tell(child, getattr(signal, "SIGKILL", signal.SIGTERM))
        child.wait()


def tell(child: Child, number: int) -> None:
    """Send a signal to a child, and to its group when it leads one."""
    if child.poll() is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        if os.name == "posix" and os.getpgid(child.pid) == child.pid:
            os.killpg(child.pid, number)
        else:
            child.send_signal(number)


def leave_on_signal() -> None:
    """SIGTERM and a closed terminal end this program the way Ctrl-C does: through every `finally`."""

    def leave(number: int, _frame: object) -> None:
        for each in heard:
            signal.signal(each, signal.SIG_IGN)
        sys.exit(128 + number)

    names = ("SIGTERM", "SIGHUP", "SIGINT")
    heard = [getattr(signal, name) for name in names if hasattr(signal, name)]
    for number in heard:
        signal.signal(number, leave)


# --- packages ------------------------------------------------------------------------------------


def insist_on_python() -> None:
    """Go on with Python 3.11, found under its own name if need be."""
    if sys.version_info[:2] == WANTED:
        return
    other = shutil.which("python3.11")
    if other:
        os.execv(other, [other, str(ROOT / "run.py"), *sys.argv[1:]])  # noqa: S606  # the same program
    present = sys.version.split()[0]
    raise Trouble(
        f"需要 Python 3.11，当前是 {present}。请安装 Python 3.11 后再运行。\n"
        f"  Python 3.11 is needed, this is {present}. Please install Python 3.11 and run again."
    )


def install(lock: str) -> None:
    """Make `.venv` and install a lock with its hashes, unless that very lock is already in."""
    if is_installed(lock):
        return
    say("正在安装所需软件包，第一次需要几分钟……", "Installing packages; the first time takes minutes.")
    uv = shutil.which("uv")
    commands = with_uv(uv, lock) if uv else with_pip(lock)
    for command in commands:
        if run(command):
            raise Trouble(
                "安装没有成功，请检查网络后再运行一次（已下载的不会重新下载）。\n"
                "  The installation did not succeed; check the network and run this again."
            )
    # A larger lock holds the smaller ones line for line.
    lines = set((ROOT / lock).read_text().splitlines())
    for name in LOCKS:
        if lines.issuperset((ROOT / name).read_text().splitlines()):
            mark(name).write_text(digest(name))


def is_installed(lock: str) -> bool:
    """Whether this very lock was installed to the end."""
    return PYTHON.exists() and mark(lock).exists() and mark(lock).read_text() == digest(lock)


def mark(lock: str) -> Path:
    """The file in `.venv` that says which state of a lock is in."""
    return VENV / f"installed-{lock}"


def digest(lock: str) -> str:
    """The state of a lock."""
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def with_uv(uv: str, lock: str) -> list[list[str]]:
    """The commands that install a lock with uv."""
    make = [uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(VENV)]
    fill = [uv, "pip", "install", "--quiet", "--python", str(PYTHON), "--require-hashes", "-r", lock]
    return [fill] if PYTHON.exists() else [make, fill]


def with_pip(lock: str) -> list[list[str]]:
    """The commands that install a lock with the standard library's venv and pip."""
    pip = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    fill = [*pip, "--no-deps", "--require-hashes", "-r", lock]
    if PYTHON.exists() and any(VENV.glob("[Ll]ib*/**/site-packages/pip")):
        return [fill]
    if importlib.util.find_spec("ensurepip") is None:
        raise Trouble(
            "缺少 venv 组件，请先运行：apt install python3-venv\n"
            "  Python's venv is missing; run first: apt install python3-venv"
        )
    return [[sys.executable, "-m", "venv", "--clear", str(VENV)], fill]


# --- the site ------------------------------------------------------------------------------------


def serve() -> int:
    """Start the web server and the job runner, and stay until told to stop."""
    host, port = os.environ.get("HOST", "127.0.0.1"), port_number("PORT", 8000)
    content_port = port_number("CONTENT_PORT", port + 1)
    insist_on_free(host, port, "PORT")
    insist_on_free(host, content_port, "CONTENT_PORT")
    install("requirements.lock")
    site = {"SITE_URL": os.environ.get("SITE_URL", f"http://{local(host)}:{port}")}
    # Packages of others are played from a second port, under another name (lms.settings).
    site["CONTENT_PORT"] = str(content_port)
    accounts = prepare(site)
    name = f"[{host}]" if ":" in host else host
    listen = [f"--listen={name}:{each}" for each in (port, content_port)]
    web = [str(PYTHON), "manage.py", "serve", *listen]
    jobs = [str(PYTHON), "manage.py", "run_jobs"]
    with kept([web, jobs], site) as children:
        wait_for_answer(local(host), port, children)
        say(f"乡学已启动：{site['SITE_URL']}/", f"Xiangxue is running at {site['SITE_URL']}/")
        print(accounts, flush=True)
        say("按 Ctrl-C 停止。", "Ctrl-C stops everything.")
        return watch(children)


def prepare(env: dict[str, str]) -> str:
    """Bring the database up to date and load the demo once; gives the accounts to sign in with."""
    with tempfile.TemporaryDirectory() as folder:
        accounts = Path(folder) / "accounts"
        if run([str(PYTHON), "manage.py", "prepare", "--accounts", str(accounts)], env=env):
            raise Trouble("数据库没有准备好，原因见上。\n  The database is not ready; the reason is above.")
        return accounts.read_text(encoding="utf-8")


def port_number(name: str, usual: int) -> int:
    """PORT or CONTENT_PORT, or the reason why it cannot be one."""
    given = os.environ.get(name, str(usual))
    if given.isdecimal() and 0 < int(given) < 65536:
        return int(given)
    raise Trouble(f"{name}={given} 不是端口号（1–65535）。\n  {name}={given} is not a port (1-65535).")


def local(host: str) -> str:
    """The address under which this machine reaches itself."""
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104


def insist_on_free(host: str, port: int, name: str) -> None:
    """Say before anything else when another program has the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as why:
            again = f"{name}={OTHER_PORTS[name]} python3 run.py"
            raise Trouble(
                f"端口 {port} 已被占用或不能使用（{why.strerror}）。换一个端口：{again}\n"
                f"  Port {port} is taken or not to be had. Choose another: {again}"
            ) from None


@contextlib.contextmanager
def kept(commands: list[list[str]], env: dict[str, str]) -> Iterator[list[Child]]:
    """Children that end when the block ends, whatever the reason."""
    children: list[Child] = []
    try:
        for command in commands:
            children.append(spawn(command, env=env, own_group=True))
        yield children
    finally:
        end(children)


def wait_for_answer(host: str, port: int, children: list[Child]) -> None:
    """Wait until the site answers, or say that it does not."""
    deadline = time.monotonic() + START_SECONDS
    while not answers(host, port):
        if any(child.poll() is not None for child in children) or time.monotonic() > deadline:
            raise Trouble("网站没有启动，原因见上。\n  The site did not start; the reason is above.")
        time.sleep(0.1)


def answers(host: str, port: int) -> bool:
    """Whether a web server answers, whatever it says."""
    asked = http.client.HTTPConnection(host, port, timeout=10)
    try:
        asked.request("HEAD", "/")
        asked.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()
    return True


def watch(children: list[Child]) -> int:
    """Stay while every child lives; one that ends by itself ends all."""
    while all(child.poll() is None for child in children):
        time.sleep(0.5)
    say("一个后台进程意外退出，已全部停止。", "A process ended by itself; everything was stopped.")
    return 1


# --- the commands --------------------------------------------------------------------------------


def tool(*command: str) -> Callable[[list[str]], int]:
    """A command that runs a module of the project with the test packages installed."""

    def call(arguments: list[str]) -> int:
        install("requirements-test.lock")
        return run([str(PYTHON), *command, *arguments])

    return call


def lock() -> int:
    """Make the three lock files anew: hashes, no addresses, versions kept where they still fit."""
    uv = shutil.which("uv")
    if uv is None:
        raise Trouble("需要 uv：https://docs.astral.sh/uv/\n  This needs uv: https://docs.astral.sh/uv/")
    same = ["--universal", "--generate-hashes", "--no-emit-index-url", "--no-annotate", "--quiet"]
    env = {"UV_CUSTOM_COMPILE_COMMAND": "see docs/change.md"}
    for name, extras in LOCKS.items():
        if status := run([uv, "pip", "compile", "pyproject.toml", *same, *extras, "-o", name], env=env):
            return status
    return 0


def main(arguments: list[str]) -> int:
    """Choose the command."""
    commands: dict[str, Callable[[list[str]], int]] = {
        "test": tool("-m", "pytest", "--numprocesses=auto", "--dist=loadfile", "--no-loadscope-reorder"),
        "bench": tool("-m", "tests.bench"),
        "shots": tool("-m", "tests.browser.shots"),
        "check": tool("-m", "tests.check"),
        "lock": lambda _rest: lock(),
    }
    name = arguments[0] if arguments else ""
    if name and name not in commands:
        print(HELP)
        return 0 if name in {"help", "-h", "--help"} else 2
    try:
        insist_on_python()
        leave_on_signal()
        return commands[name](arguments[1:]) if name else serve()
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
