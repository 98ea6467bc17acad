"""`manage.py prepare`: safe at every start."""

from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from accounts.models import Cadre
from lms.management.commands import prepare
from tests.factories import CadreFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands that it calls, which do nothing here."""
    names: list[str] = []

    def note(name: str, *arguments: object, stdout: object = None, **options: object) -> None:
        names.append(name)
        if name == "demo_accounts":
            stdout.write("梁晓燕  13800000001")

    monkeypatch.setattr(prepare, "call_command", note)
    return names


def test_an_empty_demo_is_loaded_and_its_accounts_are_told(called: list[str], tmp_path: Path) -> None:
    call_command("prepare", accounts=tmp_path / "accounts")
    assert called == ["load_demo", "demo_accounts"]
    assert (tmp_path / "accounts").read_text() == "梁晓燕  13800000001"


def test_a_demo_with_people_is_not_loaded_again(called: list[str], tmp_path: Path) -> None:
    CadreFactory()
    call_command("prepare", accounts=tmp_path / "accounts")
    assert called == ["demo_accounts"]


def test_production_gets_its_static_files_and_no_demo(
    called: list[str], tmp_path: Path, settings: Settings
) -> None:
    settings.DEMO = False
    call_command("prepare", accounts=tmp_path / "accounts")
    assert called == ["collectstatic"]
    assert (tmp_path / "accounts").read_text() == ""
    assert not Cadre.objects.exists()
