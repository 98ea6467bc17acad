"""`manage.py translations` finds every text and every gap."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from lms.management.commands import translations

SOURCE = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy

NAMES = [_("Home"), pgettext_lazy("month", "May")]
COUNT = ngettext("%(n)s day", "%(n)s days", 2)
"""
TEMPLATE = """{% load i18n %}<p title="{% translate 'Home' %}">
    {% blocktranslate trimmed with name=user.name %}
      Hello,
      {{ name }}
    {% endblocktranslate %}</p>"""
CATALOGUE = """
msgid "Home"
msgstr "我的学习"

msgctxt "month"
msgid "May"
msgstr "五月"

msgid "%(n)s day"
msgid_plural "%(n)s days"
msgstr[0] "%(n)s 天"

msgid "Hello, %(name)s"
msgstr "您好，%(name)s"
"""


@pytest.fixture
def project(tmp_path: Path, settings: Settings) -> Path:
    """A project of one module, one template and a catalogue that was filled in by hand."""
    (tmp_path / "lms" / "templates").mkdir(parents=True)
    (tmp_path / "lms" / "words.py").write_text(SOURCE)
    (tmp_path / "lms" / "templates" / "hello.html").write_text(TEMPLATE)
    catalogue = tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(CATALOGUE)
    settings.BASE_DIR = tmp_path
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    return tmp_path


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("translations", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def faults() -> str:
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("translations", "--check", stdout=out)
    return out.getvalue()


def test_a_filled_catalogue_is_complete_once_it_is_written(project: Path) -> None:
    assert told() == ""
    assert told("--check") == ""


def test_writing_twice_writes_the_same(project: Path) -> None:
    told()
    files = sorted((project / "locale" / "zh_Hans" / "LC_MESSAGES").iterdir())
    before = [file.read_bytes() for file in files]
    told()
    assert [file.read_bytes() for file in files] == before
    assert [file.name for file in files] == ["django.mo", "django.po"]


def test_a_text_without_chinese_is_named(project: Path) -> None:
    told()
    (project / "lms" / "words.py").write_text(SOURCE + '\nNEW = _("Courses")\n')
    assert "not in the catalogue: 'Courses' (lms/words.py:7)" in faults()
    assert "no Chinese: 'Courses'" in told()
    assert "no Chinese: 'Courses'" in faults()


def test_an_entry_that_nothing_uses_is_named_and_dropped(project: Path) -> None:
    told()
    (project / "lms" / "templates" / "hello.html").unlink()
    assert "no longer used: 'Hello, %(name)s'" in faults()
    told()
    assert told("--check") == ""


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('msgid "Home"', '#, fuzzy\nmsgid "Home"', "no Chinese: 'Home'"),
        ("我的学习", "", "no Chinese: 'Home'"),
        ("您好，%(name)s", "您好，%(nom)s", "'Hello, %(name)s'"),
        ("五月", "5 月", "not up to date: django.mo"),
    ],
)
def test_a_catalogue_that_was_spoilt_is_refused(project: Path, before: str, after: str, fault: str) -> None:
    told()
    po = project / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    po.write_text(po.read_text().replace(before, after))
    assert fault in faults()


def test_migrations_hold_no_texts_to_translate(project: Path) -> None:
    told()
    (project / "lms" / "migrations").mkdir()
    (project / "lms" / "migrations" / "0001_initial.py").write_text('_("Old name")')
    assert told("--check") == ""


def test_the_words_of_the_framework_are_compiled_and_checked_as_they_stand(
    project: Path, settings: Settings
) -> None:
    settings.LOCALE_PATHS = [project / "locale", project / "framework"]
    words = project / "framework" / "zh_Hans" / "LC_MESSAGES" / "djangojs.po"
    words.parent.mkdir(parents=True)
    words.write_text('msgid "Choose"\nmsgstr "选择"\n')
    told()
    assert told("--check") == ""
    words.write_text('msgid "Choose"\nmsgstr "挑选"\n')
    assert "not up to date: framework/zh_Hans/LC_MESSAGES/djangojs.mo" in faults()
    words.write_text('msgid "Choose"\nmsgstr ""\n')
    assert "no Chinese: 'Choose'" in faults()


def test_every_source_of_the_project_can_be_read() -> None:
    assert sum(1 for _text in translations.texts()) > 100
