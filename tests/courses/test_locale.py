"""The publishing desk speaks Chinese throughout and carries our name."""

import json
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import settings
from django.core.validators import FileExtensionValidator
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override

from lms.management.commands.translations import first, is_translated

OURS = Path(settings.BASE_DIR) / "courses" / "locale"
LIBRARIES = ("wagtail", "taggit")
Key = tuple[str | None, str]


def messages(folder: Path, locale: str, domain: str) -> dict[Key, Message]:
    path = folder / locale / "LC_MESSAGES" / f"{domain}.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {(each.context, first(each)): each for each in read_po(file) if each.id}


def folders() -> Iterator[Path]:
    """The texts of the installed apps that make up the publishing desk."""
    for config in apps.get_app_configs():
        if config.name.startswith(LIBRARIES):
            yield Path(config.path) / "locale"


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_every_text_of_the_framework_has_chinese_words(domain: str) -> None:
    ours = messages(OURS, "zh_Hans", domain)
    for folder in folders():
        theirs = messages(folder, "zh_Hans", domain)
        done = {key for key, each in theirs.items() if is_translated(each) and not each.fuzzy}
        assert set(messages(folder, "en", domain)) <= done | set(ours), folder


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_no_words_are_kept_for_texts_that_the_framework_no_longer_has(domain: str) -> None:
    bases = [*folders(), Path(django.__file__).parent / "conf" / "locale"]
    known = {key for folder in bases for key in messages(folder, "en", domain)}
    assert set(messages(OURS, "zh_Hans", domain)) <= known


def test_our_words_win_over_those_of_the_framework() -> None:
    with override("zh-hans"):
        assert gettext("Promote") == "网址与搜索"
        assert gettext("Choose audio") == "选择录音"  # a library whose plural form is another
        assert "不能上传这种文件" in str(FileExtensionValidator.message)
    with override("en"):
        assert gettext("Promote") == "Promote"


def test_the_scripts_of_the_desk_have_our_words_too(reviewer: Client) -> None:
    script = reviewer.get(reverse("wagtailadmin_javascript_catalog")).content.decode()
    catalogue, _end = json.JSONDecoder().raw_decode(script.split("const newcatalog = ")[1])
    assert catalogue["Changes have been autosaved."] == "修改已自动保存。"


def test_the_desk_carries_our_name_and_the_name_of_the_person(reviewer: Client) -> None:
    answer = reviewer.get(reverse("wagtailadmin_home"))
    page, person = answer.content.decode(), answer.wsgi_request.user
    assert "css/cms.css" in page
    assert 'rel="icon" href="/static/icon.svg"' in page
    assert "· 乡学</title>" in page
    assert json.dumps(person.name) in page
    assert person.number not in page
    assert "Wagtail" not in page.split("<body")[1].split("<script")[0]
