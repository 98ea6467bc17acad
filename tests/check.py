"""`python3 run.py check`: every check is run, also after one that failed, and gets a line at the end."""

import os
import secrets
import sys
import time
from pathlib import Path

from run import leave_on_signal, run

TOOLS = Path(sys.executable).parent
MANAGE = [sys.executable, "manage.py"]


def main() -> int:
    """Run all; the exit status says whether all passed."""
    leave_on_signal()
    results = []
    for name, command, env in checks():
        print(f"── {name}", flush=True)
        began = time.monotonic()
        results.append((name, run(command, env=env), time.monotonic() - began))
    print()
    for name, status, seconds in results:
        print(f"{'通过 ok      ' if status == 0 else '未通过 FAILED'} {seconds:5.1f} s  {name}")
    return int(any(status for _name, status, _seconds in results))


def checks() -> list[tuple[str, list[str], dict[str, str]]]:
    """Name, command and environment of each check."""
    return [
        ("ruff", [tool("ruff"), "check", "."], {}),
        ("ruff format", [tool("ruff"), "format", "--check", "."], {}),
        ("mypy --strict", [tool("mypy")], {}),
        ("import-linter", [tool("lint-imports"), "--no-cache"], {}),
        ("djlint", [tool("djlint"), "--quiet", "--lint", "lms/templates"], {}),
        ("makemigrations --check", [*MANAGE, "makemigrations", "--check", "--dry-run"], {}),
        ("translations --check", [*MANAGE, "translations", "--check"], {}),
        ("vendor/build.py --check", [sys.executable, "vendor/build.py", "--check"], {}),
        ("check --deploy", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"], production()),
    ]


def tool(name: str) -> str:
    """A tool that was installed beside this Python."""
    return str(TOOLS / name) + (".exe" if os.name == "nt" else "")


def production() -> dict[str, str]:
    """The environment of a production site, with keys made up on the spot; nothing is connected to."""
    return {
        "DEMO": "false",
        "DEBUG": "false",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "IDENTITY_KEY": secrets.token_urlsafe(32),
        "ALLOWED_HOSTS": "study.example.org",
        "SITE_URL": "https://study.example.org",
        "CONTENT_ORIGIN": "https://content.example.net",
        "DATABASE_URL": "postgres://study@127.0.0.1/study",
        "REDIS_URL": "redis://127.0.0.1:6379/0",
        "CELERY_BROKER_URL": "amqp://study@127.0.0.1:5672//",
        "SMS_BACKEND": "a.provider.of.Messages",
    }


if __name__ == "__main__":
    sys.exit(main())
