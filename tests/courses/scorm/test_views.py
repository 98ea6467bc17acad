"""What the content origin answers for coursewares, and whom."""

import gzip
from collections.abc import Iterator
from time import time
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client

from courses.disk import clear_folder
from courses.h5p.addresses import frame_address
from courses.scorm.actions import unpack
from courses.scorm.addresses import host_address, learner_name
from courses.scorm.models import Courseware
from courses.scorm.player_files import PLAYER
from tests.courses.scorm.made import several

pytestmark = pytest.mark.django_db
HOST = urlsplit(settings.CONTENT_ORIGIN).netloc


@pytest.fixture
def courseware() -> Iterator[Courseware]:
    made = Courseware.objects.create(
        title="防汛", upload=ContentFile(several(**{"课 件/A.txt": "a"}), "a.zip")
    )
    unpack(courseware=made)
    yield made
    clear_folder(made.folder)


@pytest.fixture
def visitor() -> Client:
    return Client(HTTP_HOST=HOST)


def address(courseware: Courseware, path: str = "") -> str:
    whole = urlsplit(host_address(courseware_id=courseware.pk, person_id=7, now=time()))
    return f"{whole.path}files/{path}" if path else f"{whole.path}?{whole.query}"


def test_the_host_page_knows_its_objects_and_nobody(courseware: Courseware, visitor: Client) -> None:
    answer = visitor.get(address(courseware))
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "Warn" in html
    assert learner_name(7) in html
    assert "<script>" not in html
    assert "style=" not in html
    assert not answer.cookies
    policy = answer["Content-Security-Policy"]
    assert f"frame-ancestors {settings.SITE_URL}" in policy
    assert (
        f"connect-src 'self' {settings.SITE_URL}/study/uploads/" in policy
        or "connect-src 'self' http" in policy
    )
    assert "form-action 'none'" in policy


def test_hosts_ask_the_database_once(
    courseware: Courseware, visitor: Client, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]  # a fixture without a type
        visitor.get(address(courseware))
    visitor.get(address(courseware, "page.html"))
    with django_assert_num_queries(1):  # type: ignore[operator]  # as above
        visitor.get(address(courseware, "object.html"))


def test_files_are_sent_as_what_they_are(courseware: Courseware, visitor: Client) -> None:
    answer = visitor.get(address(courseware, "object.js"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/javascript")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert (
        f"frame-ancestors {settings.CONTENT_ORIGIN} {settings.SITE_URL}" in answer["Content-Security-Policy"]
    )
    part = visitor.get(address(courseware, "object.js"), HTTP_RANGE="bytes=0-9")
    assert (part.status_code, len(b"".join(part.streaming_content))) == (206, 10)


@pytest.mark.parametrize("path", ["课 件/A.txt", "课 件/a.TXT", "%E8%AF%BE%20%E4%BB%B6/A.txt"])
def test_files_are_found_as_windows_would_find_them(
    courseware: Courseware, visitor: Client, path: str
) -> None:
    assert visitor.get(address(courseware, path)).status_code == 200


@pytest.mark.parametrize(
    "path", ["gone.html", "../../x", "..%2f..%2fx", "/etc/passwd", "imsmanifest.xml/", "object.html%00", "."]
)
def test_what_is_not_in_the_package_is_not_there(courseware: Courseware, visitor: Client, path: str) -> None:
    assert visitor.get(address(courseware, path)).status_code in (400, 404)


def test_no_signature_opens_another_courseware(courseware: Courseware, visitor: Client) -> None:
    other = Courseware.objects.create(title="b", standard="1.2", folder="scorm/x")
    mine = address(courseware)
    assert visitor.get(mine.replace(f"/{courseware.pk}/", f"/{other.pk}/")).status_code == 403
    content = urlsplit(frame_address(content_id=courseware.pk, person_id=7, now=time())).path
    assert visitor.get(content.replace("/h5p/", "/scorm/")).status_code == 403
    assert visitor.get(mine.replace("/scorm/", "/scorm/x")).status_code == 403


def test_addresses_expire(courseware: Courseware, visitor: Client) -> None:
    mine, file = address(courseware), address(courseware, "page.html")
    with time_machine.travel(time() + 2 * settings.ADDRESS_SECONDS):
        assert [visitor.get(each).status_code for each in (mine, file)] == [403, 403]


def test_what_is_not_unpacked_is_not_shown(visitor: Client) -> None:
    waiting = Courseware.objects.create(title="b", standard="1.2")
    assert visitor.get(address(waiting)).status_code == 404
    assert visitor.get(address(waiting, "a.html")).status_code == 404


def test_the_application_answers_nothing_of_it(courseware: Courseware) -> None:
    assert Client().get(address(courseware)).status_code == 404
    assert Client().get(address(courseware, "page.html")).status_code == 404


def test_nothing_is_taken(courseware: Courseware, visitor: Client) -> None:
    assert visitor.post(address(courseware)).status_code == 405
    assert visitor.post(address(courseware, "page.html")).status_code == 405


@pytest.mark.parametrize("told", ["language=xx", "language=zh-hans&learner=<script>", ""])
def test_what_is_told_in_an_address_is_not_believed(
    courseware: Courseware, visitor: Client, told: str
) -> None:
    answer = visitor.get(f"{address(courseware).partition('?')[0]}?{told}")
    assert answer.status_code == 200
    assert b'"learner": ""' in answer.content


def test_the_run_time_is_small_and_kept(visitor: Client) -> None:
    assert {"host.js", "menu.js", "session.js", "host.css"} <= set(PLAYER.files)
    for name in PLAYER.files:
        answer = visitor.get(f"/scorm/player/{PLAYER.digest}/{name}", HTTP_ACCEPT_ENCODING="gzip")
        assert "immutable" in answer["Cache-Control"]
        assert gzip.decompress(answer.content) == PLAYER.files[name].plain
    assert visitor.get("/scorm/player/old/host.js")["Cache-Control"] == "no-store"
    assert visitor.get(f"/scorm/player/{PLAYER.digest}/../views.py").status_code == 404
    assert visitor.get(f"/scorm/player/{PLAYER.digest}/vendor/LICENSE").status_code == 404


def test_people_are_named_by_what_leads_to_nobody() -> None:
    assert learner_name(7) == learner_name(7) != learner_name(8)
    assert len(learner_name(7)) == 20
