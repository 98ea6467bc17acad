"""The frame and its files on the content origin: whoever has a signature, and nobody else."""

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings as configured
from django.http import HttpResponseBase
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries, Settings

from courses.films.sources import PURPOSE as OF_FILMS
from courses.h5p.addresses import frame_address
from courses.h5p.models import Content, Library
from courses.h5p.player_files import PLAYER
from courses.h5p.wording import core_words
from courses.signing import sign
from tests.courses.h5p import made
from tests.courses.h5p.bringing import AT, unpacked

pytestmark = pytest.mark.django_db
HOST = urlsplit(configured.CONTENT_ORIGIN).netloc
DOCUMENT = b"%PDF-1.7 nothing"
OPERATE = Path(__file__).parents[3] / "docs" / "operate.md"
# Of an answer that asks nginx to send a file, it passes on nothing else.
NGINX_KEEPS = {
    *("X-Accel-Redirect", "Content-Type", "Content-Disposition", "Cache-Control", "Expires", "Set-Cookie"),
    # Its own are as good.
    *("ETag", "Content-Length", "Last-Modified", "Accept-Ranges", "Vary"),
}


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(AT, tick=False) as moved:
        yield moved


@pytest.fixture
def content() -> Content:
    return unpacked(
        made.small(files={"content/images/a.png": made.picture(), "content/files/plan.pdf": DOCUMENT})
    )


def address(content: Content, *, person_id: int = 7) -> str:
    """The frame's path, as the lesson's page gets it."""
    whole = frame_address(content_id=content.pk, person_id=person_id, now=AT.timestamp())
    assert whole.startswith(f"{configured.CONTENT_ORIGIN}/h5p/")
    return whole.removeprefix(configured.CONTENT_ORIGIN)


def get(client: Client, path: str, **headers: str) -> HttpResponseBase:
    return client.get(path, headers={"host": HOST, **headers})


def body(answer: HttpResponseBase) -> bytes:
    return answer.getvalue()  # type: ignore[attr-defined]  # both sorts of answers have it


def files(content: Content, path: str) -> str:
    return f"{address(content).partition('?')[0]}files/{path}"


def told(page: bytes) -> dict[str, object]:
    found = re.search(rb'<script id="integration" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    given: dict[str, object] = json.loads(found[1])
    return given


def test_the_page_tells_its_scripts_all_that_they_need(
    client: Client, content: Content, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    get(client, address(content))
    with django_assert_max_num_queries(4):
        answer = get(client, address(content))
    assert answer.status_code == 200
    given = told(body(answer))
    assert given["library"] == "H5P.Small 1.0"
    assert given["params"] == content.params
    assert given["activity"] == f"{configured.SITE_URL}/h5p/{content.pk}"
    assert given["is_whole"] is True
    assert str(given["files"]).endswith(f"/{content.pk}/files")
    assert not answer.cookies


@pytest.mark.parametrize(("said", "is_offered"), [(1, True), ("1", True), ("yes", False), ({"a": 1}, False)])
def test_the_whole_screen_is_offered_where_the_library_says_so(
    said: object, is_offered: bool, client: Client
) -> None:
    content = unpacked(made.small(files=made.library_files(made.SMALL, fullscreen=said)))
    assert told(body(get(client, address(content))))["full_screen"] is is_offered


def test_the_one_script_in_the_page_is_named_by_its_policy(client: Client, content: Content) -> None:
    answer = get(client, address(content))
    [script] = re.findall(rb"<script>(.*?)</script>", body(answer), re.DOTALL)
    named = base64.b64encode(hashlib.sha256(script).digest()).decode()
    rules = answer["Content-Security-Policy"].split("; ")
    allowed = f"{configured.CONTENT_ORIGIN} blob: 'sha256-{named}' 'unsafe-eval'"
    assert f"script-src {allowed}" in rules
    assert "worker-src 'none'" in rules  # else a blob could be one


def test_the_page_closes_its_frame_by_itself(client: Client, content: Content) -> None:
    policy = get(client, address(content))["Content-Security-Policy"]
    rules = dict(rule.partition(" ")[::2] for rule in policy.split("; "))
    assert "allow-scripts" in rules["sandbox"]
    assert "allow-same-origin" not in rules["sandbox"]
    assert "allow-top-navigation" not in rules["sandbox"]
    assert (rules["default-src"], rules["frame-src"], rules["form-action"]) == ("'none'", "'none'", "'none'")
    assert all(configured.SITE_URL not in value for name, value in rules.items() if name != "frame-ancestors")
    assert policy.endswith(f"frame-ancestors {configured.SITE_URL}")


def test_a_missing_library_is_told_to_the_frame(client: Client, content: Content) -> None:
    Library.objects.update(current=None)
    answer = get(client, address(content))
    assert answer.status_code == 200
    given = told(body(answer))
    assert given["is_whole"] is False
    assert "bundles" not in str(given["loads"])


@pytest.mark.parametrize(("asked", "spoken"), [("zh-hans", "zh-hans"), ("en", "en"), ("xx", "zh-hans")])
def test_the_core_speaks_the_language_of_the_page_around(
    asked: str, spoken: str, client: Client, content: Content
) -> None:
    page = body(get(client, f"{address(content).partition('?')[0]}?language={asked}"))
    with translation.override(spoken):
        assert told(page)["words"] == core_words()
    assert f'<html lang="{spoken}"'.encode() in page


def test_a_content_that_ends_a_script_ends_nothing(client: Client) -> None:
    params = made.question(question="</script><script>alert(1)</script>")
    content = unpacked(made.small())
    Content.objects.filter(pk=content.pk).update(params=params)
    page = body(get(client, address(content)))
    assert b"<script>alert" not in page
    assert told(page)["params"] == params


@pytest.mark.parametrize("path", ["", "files/images/a.png"])
def test_only_a_signature_of_this_content_opens_it(path: str, client: Client, content: Content) -> None:
    other = unpacked(made.small_page())
    own = address(content).partition("?")[0] + path
    signature = own.split("/")[2]
    assert get(client, own).status_code == 200
    assert get(client, own.replace(f"/{content.pk}/", f"/{other.pk}/")).status_code == 403
    forged = signature[:-1] + ("A" if signature[-1] != "A" else "B")
    assert get(client, own.replace(signature, forged)).status_code == 403
    film = sign(purpose=OF_FILMS, thing_id=content.pk, person_id=7, expires=2**31)
    assert get(client, own.replace(signature, film)).status_code == 403
    assert get(client, own.replace(signature, "x")).status_code == 404
    assert client.post(own, headers={"host": HOST}).status_code == 405
    assert client.get(own).status_code == 404


def test_a_signature_ends(client: Client, content: Content, clock: time_machine.Traveller) -> None:
    own = address(content)
    clock.shift(timedelta(hours=7))
    answer = get(client, own)
    assert (answer.status_code, answer["Cache-Control"]) == (403, "no-store")


def test_what_is_not_unpacked_is_not_there(client: Client, content: Content) -> None:
    own = [address(content), files(content, "images/a.png")]
    Content.objects.update(folder="")
    assert [get(client, path).status_code for path in own] == [404, 404]


def test_files_come_as_what_they_are(
    client: Client, content: Content, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        answer = get(client, files(content, "images/a.png"))
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Security-Policy"].startswith("sandbox;")
    assert answer["Cache-Control"].startswith("private, max-age=")
    assert "Content-Disposition" not in answer
    piece = get(client, files(content, "images/a.png"), range="bytes=1-3")
    assert (piece.status_code, body(piece)) == (206, b"PNG")
    document = get(client, files(content, "files/plan.pdf"))
    assert document["Content-Disposition"] == 'attachment; filename="plan.pdf"'


@pytest.mark.parametrize(
    "path", ["none.png", "content.json", "../images/a.png", "%2e%2e/x", "images//a.png", "images/"]
)
def test_only_files_of_the_content_are_there(path: str, client: Client, content: Content) -> None:
    assert get(client, files(content, path)).status_code in {400, 404}


def test_files_stay_on_the_content_origin_wherever_they_lie(
    client: Client, content: Content, settings: Settings
) -> None:
    settings.ACCEL_PREFIX = "/protected/"
    answer = get(client, files(content, "images/a.png"))
    assert answer["X-Accel-Redirect"] == f"/protected/{content.folder}/images/a.png"


def test_nginx_as_we_say_to_set_it_up_passes_on_what_locks_files_in(
    client: Client, content: Content, settings: Settings
) -> None:
    settings.ACCEL_PREFIX = "/protected/"
    answer = get(client, files(content, "images/a.png"))
    dropped = {name for name, _value in answer.items()} - NGINX_KEEPS
    assert {"Access-Control-Allow-Origin", "Content-Security-Policy"} <= dropped
    block = OPERATE.read_text("utf-8").partition("server_name content.")[2].partition("location / {")[0]
    said = {f"add_header {name} $upstream_http_{name.lower().replace('-', '_')};" for name in dropped}
    assert not {line for line in said if line not in block}


def test_bundles_never_change(client: Client, content: Content) -> None:
    loads = told(body(get(client, address(content))))["loads"]
    assert isinstance(loads, list)
    core_style, core_script, style, script = (each.removeprefix(configured.CONTENT_ORIGIN) for each in loads)
    assert [get(client, each).status_code for each in (core_style, core_script)] == [200, 200]
    plain = get(client, script)
    packed = get(client, script, **{"accept-encoding": "gzip, br"})
    assert gzip.decompress(body(packed)) == body(plain)
    assert packed["Content-Encoding"] == "gzip"
    assert packed["Vary"] == "Accept-Encoding"
    assert packed["Cache-Control"] == "public, max-age=31536000, immutable"
    assert packed["Access-Control-Allow-Origin"] == "*"
    assert packed["Content-Type"].startswith("text/javascript")
    assert get(client, script, **{"if-none-match": plain["ETag"]}).status_code == 304
    assert get(client, style)["Content-Type"].startswith("text/css")
    assert get(client, f"/h5p/bundles/{'0' * 64}.js").status_code == 404


def test_files_of_libraries_are_for_every_frame(client: Client, content: Content) -> None:
    folder = content.main.current.folder.rpartition("/")[2]  # type: ignore[union-attr]  # unpacked: it has both
    answer = get(client, f"/h5p/libraries/{folder}/styles/small.css")
    assert answer["Content-Type"] == "text/css"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    asked = client.options(f"/h5p/libraries/{folder}/a.ogg", headers={"host": HOST})
    assert "X-Requested-With" in asked["Access-Control-Allow-Headers"]
    for path in (
        f"{folder}/none.png",
        f"{folder}/../../contents/a",
        "../contents/a",
        "%2e%2e/a",
        f"{folder}//etc/passwd",
    ):
        assert get(client, f"/h5p/libraries/{path}").status_code in {400, 404}


KINDS = {
    "js": "text/javascript",
    "css": "text/css",
    "gif": "image/gif",
    "woff2": "font/woff2",
    "core/COPYING": "text/plain",
}


@pytest.mark.parametrize("name", PLAYER.files)
def test_the_players_own_files_are_there(name: str, client: Client) -> None:
    answer = get(client, f"/h5p/player/{PLAYER.digest}/{name}")
    assert answer["Content-Type"].partition(";")[0] == KINDS[name.rpartition(".")[2]]
    assert "immutable" in answer["Cache-Control"]
    older = get(client, f"/h5p/player/{'0' * 20}/{name}")
    assert (older.status_code, older["Cache-Control"]) == (200, "no-store")


@pytest.mark.parametrize(
    "name",
    ["frame.js", "frame.bundle.js", "__init__.py", "../views.py", "core/README.md", "core/../frame.js"],
)
def test_nothing_else_of_the_player_is(name: str, client: Client) -> None:
    assert get(client, f"/h5p/player/{PLAYER.digest}/{name}").status_code == 404
