"""A document in the lesson's page, as it is before any script has run."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from courses.documents.actions import keep_pieces
from courses.documents.models import Document
from courses.documents.pieces import Draft
from courses.models import LessonKind, LessonPage
from tests.factories import CadreFactory, document

pytestmark = pytest.mark.django_db

HTML_BYTES = 30_000


class Tags(HTMLParser):
    """The tags of a page with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture
def learner(client: Client) -> Client:
    client.force_login(CadreFactory())
    return client


def page(learner: Client, lesson: LessonPage, asked: str = "") -> str:
    return learner.get(lesson.url + asked).content.decode()


def test_pages_are_pictures_with_their_size_and_only_the_first_comes_at_once(learner: Client) -> None:
    pictures = [
        each for each in Tags(page(learner, document(pages=3))).all("img") if "documents" in each["src"]
    ]
    assert len(pictures) == 3
    assert [each.get("loading") for each in pictures] == [None, "lazy", "lazy"]
    assert all((each["width"], each["height"]) == ("720", "1018") for each in pictures)
    assert [each["alt"] for each in pictures] == ["第 1 页", "第 2 页", "第 3 页"]


def test_every_page_leads_to_its_text_and_back(learner: Client) -> None:
    lesson = document(pages=12, characters=1000)
    html = page(learner, lesson)
    for number in (1, 12):
        address = re.search(rf'href="(\?as=text&amp;part=\d+)#p{number}"', html)
        assert address is not None
        text = page(learner, lesson, address[1].replace("&amp;", "&"))
        assert f'<section id="p{number}"' in text
        assert "学" * 1000 in text
        assert "documents/" not in "".join(str(each["src"]) for each in Tags(text).all("img"))


def test_the_file_can_be_had_and_says_its_size(learner: Client) -> None:
    lesson = document()
    html = page(learner, lesson)
    assert f'href="{lesson.document.url}"' in html
    assert "0.1 MB" in html


def test_the_parts_are_light_and_hold_everything_once(learner: Client) -> None:
    lesson = document(pages=45, characters=700)
    for way in ("?part=", "?as=text&part="):
        seen: list[str] = []
        for number in range(1, 50):
            html = page(learner, lesson, f"{way}{number}")
            assert len(html.encode()) <= HTML_BYTES
            seen += re.findall(r'id="p(\d+)"', html)
            if 'rel="next" href="?' not in html:
                break
        assert seen == [str(number) for number in range(1, 46)]


def test_pieces_say_which_seconds_they_hold(learner: Client) -> None:
    lesson = document(pages=2, characters=400)
    html = page(learner, lesson)
    assert re.findall(r'data-from="(\d+)" data-to="(\d+)"', html) == [("0", "60"), ("60", "120")]
    assert 'data-seconds="120"' in html


@pytest.mark.parametrize("asked", ["0", "-1", "x", "99", "9" * 40, "²", "1&part=2"])
def test_any_part_asked_for_is_one_that_there_is(learner: Client, asked: str) -> None:
    lesson = document(pages=25)
    assert 'data-from="' in page(learner, lesson, f"?part={asked}")


def test_what_stands_in_a_document_is_text_and_no_markup(learner: Client) -> None:
    lesson = document()
    draft = Draft(0, "", 5, b"RIFF", 10, 10)
    keep_pieces(document=lesson.document, drafts=[draft, Draft(0, "<p>&lt;script&gt;甲</p>", 5)])
    Document.objects.filter(pk=lesson.document.pk).update(kind="DOCX", title='"><script>')
    html = page(learner, lesson)
    assert "<script>甲" not in html
    assert '"><script>' not in html
    assert "&lt;script&gt;甲" in html


def test_a_draft_without_pieces_says_so_to_its_editor() -> None:
    lesson = document()
    Document.objects.update(seconds=0)
    lesson.refresh_from_db()
    lesson.document.pieces.all().delete()
    context = lesson.get_context(type("Request", (), {"GET": {}, "is_preview": True, "user": None})())
    assert context["part"] is None


def test_a_version_has_the_seconds_and_the_content_of_its_document() -> None:
    one, two = document(pages=2), document(pages=2)
    version = one.versions.get()
    assert (version.kind, version.seconds) == (LessonKind.DOCUMENT, 120)
    assert one.fingerprint != two.fingerprint
