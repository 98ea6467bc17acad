"""Manifests as people and programs write them, and what is refused in them."""

import zipfile
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.packages.refusals import Refused
from courses.scorm.manifest import MOST_ITEMS, MOST_LEVELS, Course, read_manifest
from courses.scorm.places import Places, with_parameters
from tests.courses.scorm.made import (
    NAMESPACES,
    item,
    launch_data,
    manifest,
    mastery,
    organisation,
    resource,
    sequenced,
)
from tests.samples import sample

NAMES = ("object.html", "page.html", "a/b/deep.html", "课件/首页.html", "with space.html")


def read(told: str | bytes, names: tuple[str, ...] = NAMES) -> Course:
    return read_manifest(told if isinstance(told, bytes) else told.encode(), names)


def of_items(items: str, resources: str = "", standard: str = "1.2") -> Course:
    return read(manifest(standard, organisation(items), resources or resource(standard, "r1")))


def refused(told: str | bytes) -> tuple[str, str]:
    with pytest.raises(Refused) as error:
        read(told)
    return error.value.code, error.value.name


def refused_items(items: str, resources: str = "") -> tuple[str, str]:
    return refused(manifest("1.2", organisation(items), resources or resource("1.2", "r1")))


@pytest.mark.parametrize("standard", ["1.2", "2004"])
def test_one_object_with_what_is_asked_of_it(standard: str) -> None:
    inside = mastery(standard, 80) + launch_data(standard, " a  b ")
    course = of_items(item("one", "r1", title="  Flood\n warning ", inside=inside), standard=standard)
    assert (course.standard, course.title, course.identifier) == (standard, "Made", "made")
    assert course.menu == [{"item": "one", "title": "Flood warning", "is_visible": True, "children": []}]
    sco = course.scos["one"]
    assert (sco["href"], sco["is_sco"], sco["launch_data"]) == ("object.html", True, "a  b")
    assert sco["mastery"] == (80 if standard == "1.2" else 0.8)


def test_namespaces_are_not_needed() -> None:
    told = (
        "<manifest><organizations><organization><title>T</title>"
        '<item identifier="one" identifierref="r"><title>One</title><masteryscore>75</masteryscore></item>'
        '</organization></organizations><resources><resource identifier="r" scormtype="SCO" '
        'href="object.html"/></resources></manifest>'
    )
    course = read(told)
    assert (course.standard, course.scos["one"]["mastery"], course.scos["one"]["is_sco"]) == ("1.2", 75, True)


@pytest.mark.parametrize(
    ("version", "standard"),
    [
        ("1.2", "1.2"),
        ("2004 3rd Edition", "2004"),
        ("2004 4th Edition", "2004"),
        ("CAM 1.3", "2004"),
        ("", "2004"),
    ],
)
def test_the_standard_follows_from_the_version_or_the_namespaces(version: str, standard: str) -> None:
    told = manifest("2004", organisation(item("one", "r1")), resource("2004", "r1"))
    assert read(told.replace("2004 4th Edition", version)).standard == standard


def test_items_nest_and_hide() -> None:
    inner = item("two", "r1", more='isvisible="false"') + item("three", inside=item("four", "r1"))
    course = of_items(item("one", inside=inner))
    assert list(course.scos) == ["two", "four"]
    (one,) = course.menu
    assert [row["item"] for row in one["children"]] == ["two", "three"]
    assert [row["is_visible"] for row in one["children"]] == [False, True]


def test_bases_add_up() -> None:
    told = manifest(
        "1.2", organisation(item("one", "r1")), resource("1.2", "r1", "deep.html", more='xml:base="b/"')
    )
    told = told.replace("<resources>", '<resources xml:base="a/">')
    assert read(told).scos["one"]["href"] == "a/b/deep.html"
    told = told.replace('xml:base="a/"', "").replace('identifier="made"', 'identifier="made" xml:base="a/"')
    assert read(told).scos["one"]["href"] == "a/b/deep.html"


@pytest.mark.parametrize(
    ("href", "found"),
    [
        ("课件/首页.html", "课件/首页.html"),
        ("%E8%AF%BE%E4%BB%B6/%E9%A6%96%E9%A1%B5.html", "课件/首页.html"),
        ("with space.html", "with space.html"),
        ("with%20space.html", "with space.html"),
        ("a\\b\\deep.html", "a/b/deep.html"),
        ("./a/../page.html", "page.html"),
        ("Page.HTML", "page.html"),
        ("/page.html", "page.html"),
    ],
)
def test_files_are_found_however_they_are_written(href: str, found: str) -> None:
    address = of_items(item("one", "r1"), resource("1.2", "r1", href)).scos["one"]["href"]
    assert unquote(urlsplit(address).path) == found


@pytest.mark.parametrize(
    ("href", "parameters", "whole"),
    [
        ("a.html", "?x=1", "a.html?x=1"),
        ("a.html", "x=1", "a.html?x=1"),
        ("a.html", "&?&x=1", "a.html?x=1"),
        ("a.html?y=2", "?x=1", "a.html?y=2&x=1"),
        ("a.html", "#top", "a.html#top"),
        ("a.html#top", "#other", "a.html#top"),
        ("a.html#top", "?x=1", "a.html?x=1#top"),
        ("a.html", "?", "a.html"),
    ],
)
def test_parameters_are_joined_as_the_standard_says(href: str, parameters: str, whole: str) -> None:
    assert with_parameters(href, parameters) == whole


@given(
    query=st.text("ab=1", max_size=4),
    fragment=st.text("xy", max_size=3),
    parameters=st.text("?&#ab=1", max_size=8),
)
def test_parameters_never_change_the_path_or_the_fragment(query: str, fragment: str, parameters: str) -> None:
    href = "a/b.html" + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
    whole = urlsplit(with_parameters(href, parameters))
    assert whole.path == "a/b.html"
    assert whole.query.startswith(query)
    if fragment:
        assert whole.fragment == fragment


@given(st.text(max_size=60))
def test_no_address_leads_out_of_the_package(href: str) -> None:
    try:
        address = Places(NAMES).address([], href)
    except Refused:
        return
    assert unquote(urlsplit(address).path) in NAMES


def test_without_organisations_every_object_is_an_item() -> None:
    two = (
        resource("1.2", "r1")
        + resource("1.2", "r2", "page.html")
        + resource("1.2", "r3", "x.js", kind="asset")
    )
    for organisations in ("", "<organizations/>", "<organizations><organization/></organizations>"):
        course = read(manifest("1.2", organisations, two))
        assert list(course.scos) == ["r1", "r2"]
        assert [row["item"] for row in course.menu] == ["r1", "r2"]


def test_without_a_default_the_first_organisation_is_taken() -> None:
    organisations = organisation(item("one", "r1"))
    for told in (
        organisations.replace('default="org"', ""),
        organisations.replace('default="org"', 'default="x"'),
    ):
        assert list(read(manifest("1.2", told, resource("1.2", "r1"))).scos) == ["one"]


def test_titles_that_are_missing_are_made_up() -> None:
    untitled = '<item identifier="one" identifierref="r1"/>'
    told = manifest(
        "1.2",
        f"<organizations><organization>{untitled}</organization></organizations>",
        resource("1.2", "r1"),
    )
    course = read(told)
    assert (course.title, course.menu[0]["title"]) == ("", "object.html")


def test_items_of_one_name_are_told_apart() -> None:
    course = of_items(item("one", "r1") + item("one", "r1") + "<item identifierref='r1'/>")
    assert list(course.scos) == ["one", "one-2", "item"]


def test_limits_of_both_standards() -> None:
    old = of_items(item("one", "r1", inside="<adlcp:maxtimeallowed>00:30:00</adlcp:maxtimeallowed>"))
    assert old.scos["one"]["time_limit"] == "00:30:00"
    assert old.scos["one"]["tells_completion"] is False
    limits = (
        '<imsss:sequencing><imsss:limitConditions attemptAbsoluteDurationLimit="PT30M"/></imsss:sequencing>'
    )
    threshold = '<adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="0.75"/>'
    new = of_items(item("one", "r1", inside=limits + threshold), standard="2004")
    assert (new.scos["one"]["time_limit"], new.scos["one"]["threshold"]) == ("PT30M", 0.75)


@pytest.mark.parametrize("told", ["exit,no message", "explode"])
@pytest.mark.parametrize(("standard", "name"), [("1.2", "timelimitaction"), ("2004", "timeLimitAction")])
def test_what_is_done_when_the_time_is_over_is_handed_on(standard: str, name: str, told: str) -> None:
    inside = f"<adlcp:{name}>{told}</adlcp:{name}>"
    action = of_items(item("one", "r1", inside=inside), standard=standard).scos["one"]["time_limit_action"]
    assert action == ("" if told == "explode" else told)


def test_an_object_may_keep_its_completion_to_itself() -> None:
    inside = '<imsss:sequencing><imsss:deliveryControls completionSetByContent="true"/></imsss:sequencing>'
    assert of_items(item("one", "r1", inside=inside), standard="2004").scos["one"]["tells_completion"] is True


@pytest.mark.parametrize(
    ("standard", "inside", "kinds"),
    [
        ("1.2", "", []),
        ("1.2", "<adlcp:prerequisites type='aicc_script'/>", []),
        ("1.2", "<adlcp:prerequisites type='aicc_script'>two</adlcp:prerequisites>", ["ORDER"]),
        ("1.2", "<adlcp:maxtimeallowed>00:30:00</adlcp:maxtimeallowed>", ["TIME"]),
        ("2004", mastery("2004", 70), []),
        ("2004", sequenced('<imsss:controlMode choice="true" flow="true"/>'), []),
        ("2004", sequenced('<imsss:controlMode choice="false" flow="true"/>'), ["ORDER"]),
        ("2004", sequenced('<imsss:controlMode forwardOnly="true"/>'), ["ORDER"]),
        ("2004", sequenced('<imsss:limitConditions attemptLimit="1"/>'), ["ATTEMPTS"]),
        (
            "2004",
            sequenced("<imsss:sequencingRules><imsss:preConditionRule/></imsss:sequencingRules>"),
            ["RULES"],
        ),
        ("2004", sequenced("<imsss:rollupRules><imsss:rollupRule/></imsss:rollupRules>"), ["WHOLE"]),
        ("2004", sequenced("<imsss:objectives><imsss:mapInfo/></imsss:objectives>"), ["SHARED"]),
        ("2004", sequenced('<imsss:randomizationControls selectionTiming="once"/>'), ["CHANCE"]),
        ("2004", sequenced('<imsss:deliveryControls tracked="false"/>'), ["UNTRACKED"]),
    ],
)
def test_what_is_not_applied_is_found(standard: str, inside: str, kinds: list[str]) -> None:
    assert of_items(item("one", "r1", inside=inside), standard=standard).unapplied == kinds


def test_sequencing_may_be_shared() -> None:
    shared = mastery("2004", 70).replace("<imsss:sequencing>", '<imsss:sequencing ID="s">')
    told = manifest(
        "2004",
        organisation(item("one", "r1", inside='<imsss:sequencing IDRef="s"/>')),
        resource("2004", "r1"),
        inside=f"<imsss:sequencingCollection>{shared}</imsss:sequencingCollection>",
    )
    assert read(told).scos["one"]["mastery"] == 0.7


@pytest.mark.parametrize("points", ["", "many", "101", "-1", "NaN", "inf", "1e999"])
def test_a_mastery_score_that_makes_no_sense_asks_for_nothing(points: str) -> None:
    inside = f"<adlcp:masteryscore>{points}</adlcp:masteryscore>"
    assert of_items(item("one", "r1", inside=inside)).scos["one"]["mastery"] is None


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb2312", "gbk", "gb18030", "utf-16", "iso-8859-1"]
)
def test_encodings_that_are_said_are_read(encoding: str) -> None:
    title = "Hochwasser für alle" if encoding == "iso-8859-1" else "防汛"
    told = manifest("1.2", organisation(item("one", "r1"), title), resource("1.2", "r1"))
    declared = encoding.removesuffix("-sig")
    assert read(told.replace('"utf-8"', f'"{declared}"').encode(encoding)).title == title


def test_chinese_that_calls_itself_utf_8_is_read() -> None:
    told = manifest("1.2", organisation(item("one", "r1"), "防汛"), resource("1.2", "r1"))
    assert read(told.encode("gbk")).title == "防汛"


ENTITY = '<!DOCTYPE manifest [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE m [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("", "xml"),
        ("<manifest>", "xml"),
        ("{}", "xml"),
        ("\0<manifest/>", "xml_encoding"),
        (b"\xff\xfe<\0m\0", "xml"),
        (b"\xff\xfe<\0m", "xml_encoding"),
        (b"\x80\xff\xff\x81", "xml_encoding"),
        (b'<?xml version="1.0" encoding="rot13"?><manifest/>' + b"\xff\xff", "xml_encoding"),
        (ENTITY + "<manifest>&x;</manifest>", "dtd"),
        (LAUGHS + "<manifest>&b;</manifest>", "dtd"),
        ('<!DOCTYPE manifest SYSTEM "http://example.com/a.dtd"><manifest/>', "dtd"),
        ("<manifest>&#xD800;</manifest>", "xml"),
        ("<manifest/>", "no_items"),
        (f"<manifest {NAMESPACES['1.2']}><organizations/><resources/></manifest>", "no_items"),
        (manifest("1.2", organisation(item("chapter")), resource("1.2", "r1")), "no_items"),
    ],
)
def test_what_is_no_manifest_is_refused(told: str | bytes, code: str) -> None:
    assert refused(told) == (code, "imsmanifest.xml")


@pytest.mark.parametrize(
    ("items", "resources", "code", "name"),
    [
        (item("one", "r9"), "", "no_resource", "r9"),
        (item("one", "r1"), resource("1.2", "r1", ""), "no_href", "r1"),
        (item("one", "r1"), resource("1.2", "r1", "gone.html"), "href_missing", "gone.html"),
        (item("one", "r1"), resource("1.2", "r1", "../object.html"), "href_missing", "../object.html"),
        (item("one", "r1"), resource("1.2", "r1", "?x=1"), "href_missing", ""),
        (
            item("one", "r1"),
            resource("1.2", "r1", "http://x.example/a"),
            "href_outside",
            "http://x.example/a",
        ),
        (item("one", "r1"), resource("1.2", "r1", "//x.example/a"), "href_outside", "//x.example/a"),
        (
            item("one", "r1"),
            resource("1.2", "r1", "javascript:alert(1)"),
            "href_outside",
            "javascript:alert(1)",
        ),
        (
            item("one", "r1"),
            "<resource identifier='r1' xml:base='//[x/' href='object.html'/>",
            "href_outside",
            "object.html",
        ),
    ],
)
def test_what_cannot_be_opened_is_refused_by_name(items: str, resources: str, code: str, name: str) -> None:
    assert refused_items(items, resources) == (code, name)


def test_an_item_may_stand_for_a_manifest_inside() -> None:
    inner = manifest("1.2", organisation(item("two", "r2")), resource("1.2", "r2", "deep.html"))
    inner = inner.partition("?>")[2].replace('"made"', '"inside" xml:base="b/"')
    told = manifest(
        "1.2",
        organisation(item("one", "r1") + item("chapter", "inside")),
        resource("1.2", "r1"),
        inside=inner,
    )
    course = read(told.replace('"made"', '"made" xml:base="a/"').replace('"object.html"', '"/object.html"'))
    assert [sco["href"] for sco in course.scos.values()] == ["object.html", "a/b/deep.html"]
    assert [row["item"] for row in course.menu[1]["children"]] == ["two"]


def test_a_manifest_that_stands_in_itself_is_refused() -> None:
    inner = manifest("1.2", organisation(item("two", "inside")), "").partition("?>")[2]
    told = manifest(
        "1.2",
        organisation(item("one", "inside")),
        resource("1.2", "r1"),
        inside=inner.replace('"made"', '"inside"'),
    )
    assert refused(told) == ("deep", "imsmanifest.xml")


def test_an_address_may_be_so_long_and_no_longer() -> None:
    """It is kept for every item that names it, so a small archive could fill the memory."""
    long = resource("1.2", "r1", "object.html?" + "x" * 5_000)
    told = manifest("1.2", organisation(item("one", "r1") * MOST_ITEMS), long)
    assert refused(told) == ("href_long", ("object.html?" + "x" * 100)[:100])


def test_items_nest_so_deep_and_no_deeper() -> None:
    def nested(levels: int) -> str:
        return "<item>" * (levels - 1) + item("one", "r1") + "</item>" * (levels - 1)

    assert list(of_items(nested(MOST_LEVELS)).scos) == ["one"]
    assert refused_items(nested(MOST_LEVELS + 1))[0] == "deep"
    assert refused("<a>" * 100_000 + "</a>" * 100_000)[0] in {"xml", "no_items"}


def test_so_many_items_and_no_more() -> None:
    assert len(of_items("<item identifierref='r1'/>" * MOST_ITEMS).scos) == MOST_ITEMS
    assert refused_items("<item identifierref='r1'/>" * (MOST_ITEMS + 1))[0] == "many_items"


@pytest.mark.parametrize(
    ("name", "standard"),
    [
        ("RuntimeBasicCalls_SCORM12.zip", "1.2"),
        ("RuntimeBasicCalls_SCORM20043rdEdition.zip", "2004"),
        ("singlescobasic_missingorg.zip", "1.2"),
    ],
)
def test_real_packages_are_read(name: str, standard: str) -> None:
    with zipfile.ZipFile(sample(f"scorm/{name}")) as archive:
        course = read_manifest(archive.read("imsmanifest.xml"), archive.namelist())
    (sco,) = course.scos.values()
    assert (course.standard, sco["is_sco"], sco["href"][-15:]) == (standard, True, "launchpage.html")
