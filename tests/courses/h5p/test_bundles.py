"""Bundles: what is in them, in which order, and under which name."""

import base64
import gzip
import os
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.files.storage import default_storage
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from courses.h5p import bundles
from courses.h5p.bundles import (
    MissingLibrary,
    bundle_name,
    ensure_bundle,
    joined_scripts,
    joined_styles,
    needed_patches,
    stored,
)
from courses.h5p.models import Content, Library
from tests.courses.h5p import made
from tests.courses.h5p.bringing import unpacked

pytestmark = pytest.mark.django_db


@pytest.fixture
def content() -> Content:
    return unpacked(made.small_set())


def test_each_library_comes_once_behind_what_it_needs_and_the_main_one_last(
    content: Content, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):
        names = [patch.library.machine_name for patch in needed_patches(content)]
    assert sorted(names) == ["H5P.Small", "H5P.SmallPage", "H5P.SmallSet"]
    assert names[-1] == "H5P.SmallSet"


def test_a_library_that_is_gone_is_told(content: Content) -> None:
    Library.objects.filter(machine_name="H5P.Small").update(current=None)
    with pytest.raises(MissingLibrary):
        needed_patches(content)


@given(
    st.dictionaries(st.integers(1, 8), st.lists(st.integers(1, 8), max_size=4)), st.sets(st.integers(1, 8))
)
def test_any_net_of_needs_has_an_order(needs: dict[int, list[int]], wanted: set[int]) -> None:
    order = bundles._in_order(sorted(wanted), needs)
    assert len(set(order)) == len(order)
    assert wanted <= set(order)
    acyclic = {pk: [other for other in others if other > pk] for pk, others in needs.items()}
    order = bundles._in_order(sorted(wanted), acyclic)
    reached = {pk: place for place, pk in enumerate(order)}
    assert all(reached[other] < reached[pk] for pk in order for other in acyclic.get(pk, []))


def test_a_script_that_is_named_twice_runs_once_and_spaces_around_its_name_count_for_nothing() -> None:
    named = [{"path": " small-page.js "}, {"path": "./small-page.js"}]
    library = made.library_files(made.PAGE, preloadedJs=named)
    library[f"{made.PAGE}/small-page.js"] = "window.once = 1"
    content = unpacked(made.small_page(files=library))
    assert joined_scripts(needed_patches(content)).count("window.once") == 1


def test_strict_scripts_do_not_govern_the_ones_behind_them() -> None:
    strict = made.library_files(made.PAGE)
    strict[f"{made.PAGE}/small-page.js"] = "'use strict'; window.a = 1 // no line end"
    content = unpacked(made.small_page(files=strict))
    script = joined_scripts(needed_patches(content))
    assert script.startswith(";'use strict'")
    assert script.endswith("// no line end\n;\n")


def test_styles_name_the_files_of_installed_patches(content: Content) -> None:
    css = made.library_files(made.SMALL, patchVersion=9)
    css[f"{made.SMALL}/styles/small.css"] = "a{b:url(../images/a.svg)}c{d:url(../images/none.png)}"
    css[f"{made.SMALL}/images/a.svg"] = f"<svg>{' ' * 3000}</svg>"
    patches = needed_patches(unpacked(made.small(files=css)))
    styles = joined_styles(patches)
    assert f'a{{b:url("/h5p/libraries/{patches[0].folder.rpartition("/")[2]}/images/a.svg")}}' in styles
    assert "c{d:url(data:,)}" in styles


def test_a_small_picture_is_a_part_of_the_styles() -> None:
    files: dict[str, bytes | str] = {**made.library_files(made.SMALL, patchVersion=9)}
    files[f"{made.SMALL}/styles/small.css"] = "a{b:url(../images/a.png)}c{d:url('../images/b.svg#x')}"
    files[f"{made.SMALL}/images/a.png"] = made.picture()
    files[f"{made.SMALL}/images/b.svg"] = '<svg fill="#f00">100%</svg>'
    styles = joined_styles(needed_patches(unpacked(made.small(files=files))))
    png = base64.b64encode(made.picture()).decode()
    assert f'a{{b:url("data:image/png;base64,{png}")}}' in styles
    assert 'c{d:url("data:image/svg+xml,%3Csvg fill=%22%23f00%22%3E100%25%3C/svg%3E#x")}' in styles


@pytest.mark.parametrize(
    ("number", "size", "is_inside"), [(1, 100, True), (4, 100, True), (5, 100, False), (1, 100_001, False)]
)
def test_a_font_of_signs_is_a_part_of_the_styles(number: int, size: int, is_inside: bool) -> None:
    files: dict[str, bytes | str] = {**made.library_files(made.SMALL, patchVersion=9)}
    rule = "@font-face{font-family:S;src:url(../fonts/0.woff2?v=1) format('woff2'),url(../fonts/0.ttf)}"
    files[f"{made.SMALL}/styles/small.css"] = rule
    font = b"wOF2" + bytes(size - 4)
    files |= {f"{made.SMALL}/fonts/{place}.woff2": font for place in range(number)}
    styles = joined_styles(needed_patches(unpacked(made.small(files=files))))
    assert (f"data:font/woff2;base64,{base64.b64encode(font).decode()}" in styles) is is_inside
    assert ("/fonts/0.woff2" in styles) is not is_inside


def test_a_bundle_is_made_once_and_whole(content: Content, monkeypatch: pytest.MonkeyPatch) -> None:
    patches = needed_patches(content)
    name = ensure_bundle(patches)
    for ending in ("js", "css"):
        with (
            default_storage.open(stored(name, ending)) as file,
            default_storage.open(stored(name, ending, zipped=True)) as packed,
        ):
            assert gzip.decompress(packed.read()) == file.read()
    folder = Path(configured.MEDIA_ROOT) / "h5p" / "bundles"
    assert len(os.listdir(folder)) == 4
    monkeypatch.setattr(bundles, "joined_scripts", lambda patches: pytest.fail("made again"))
    assert ensure_bundle(patches) == name


def test_another_patch_has_another_name(content: Content) -> None:
    before = bundle_name(needed_patches(content))
    newer = made.library_files(made.SMALL, patchVersion=9)
    again = unpacked(made.small_set(files=newer))
    assert bundle_name(needed_patches(again)) != before
    assert bundle_name(needed_patches(content)) == bundle_name(needed_patches(again))
