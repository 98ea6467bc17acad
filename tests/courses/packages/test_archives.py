"""Archives are judged by their directory, and counted while they are read."""

import hashlib
import io
import json
import random
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.packages.archives import CHUNK, Refused, open_archive
from courses.packages.refusals import in_words
from tests.courses.packages import hostile


@pytest.fixture
def brought(tmp_path: Path):
    def bring(content: bytes) -> Path:
        path = tmp_path / "package.zip"
        path.write_bytes(content)
        return path

    return bring


def read_all(path: Path) -> dict[str, bytes]:
    with open_archive(path) as archive:
        return {name: archive.read(name) for name in archive.names}


@pytest.mark.parametrize("what", hostile.BY_DIRECTORY)
def test_a_hostile_archive_is_refused_by_its_directory(what: str, brought) -> None:
    make, code, name = hostile.BY_DIRECTORY[what]
    with pytest.raises(Refused) as refused, open_archive(brought(make())):
        pass
    assert (refused.value.code, refused.value.name) == (code, name)
    words = in_words(refused.value)
    assert words.isprintable()
    assert not name.isprintable() or name in words


@pytest.mark.parametrize("what", hostile.BY_READING)
def test_what_an_entry_states_is_proved_while_it_is_read(what: str, brought) -> None:
    make, code, name = hostile.BY_READING[what]
    copy = io.BytesIO()
    with open_archive(brought(make())) as archive, pytest.raises(Refused) as refused:
        archive.copy("a.txt", copy)
    assert (refused.value.code, refused.value.name) == (code, name)
    assert what != "states less" or not copy.getvalue()


def test_honest_files_are_copied_whole_and_folders_left_out(brought) -> None:
    content = bytes(range(256)) * 3000
    rows = [
        ("a/", b"", {}),
        ("a/b.bin", content, {}),
        ("a/stored.bin", content, {"compress_type": zipfile.ZIP_STORED}),
        ("empty.txt", b"", {}),
        ("__MACOSX/a/._b.bin", b"x", {}),
        ("a/.DS_Store", b"x", {}),
    ]
    with open_archive(brought(hostile.entries(rows))) as archive:
        assert archive.names == ["a/b.bin", "a/stored.bin", "empty.txt"]
        copy = io.BytesIO()
        facts = archive.copy("a/b.bin", copy)
        assert copy.getvalue() == content == archive.read("a/stored.bin")
        assert facts == {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        assert "a/b.bin" in archive
        assert archive.size("a/b.bin") == len(content)
        assert archive.read("empty.txt") == b""


def test_a_file_that_ends_just_behind_a_chunk_is_read_to_its_end(brought) -> None:
    """Its last bytes may lie in the unpacking itself, when no packed ones are left."""
    rows = [(f"{more}.txt", b"\0" * (CHUNK + more), {}) for more in range(0, 300, 7)]
    rows += [("noise.bin", random.Random(1).randbytes(300_000), {})]
    files = read_all(brought(hostile.entries(rows)))
    assert files == {name: content for name, content, _fields in rows}


def test_folders_upon_folders_take_no_memory(brought) -> None:
    path = brought(hostile.names(*(f"{number}{'/a' * 240}" for number in range(300))))
    tracemalloc.start()
    with open_archive(path) as archive:
        _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(archive.names) == 300
    assert most < 3_000_000


def test_names_of_chinese_packers_are_read_as_they_were_meant(brought) -> None:
    name = "课件/第一讲.txt"
    raw = name.encode("gb18030")
    stand_in = "x" * len(raw)
    archive = hostile.entry(stand_in).replace(stand_in.encode(), raw)
    assert list(read_all(brought(archive))) == [name]


def test_a_file_larger_than_asked_for_is_not_read(brought) -> None:
    with open_archive(brought(hostile.entry(content=b"a" * 100))) as archive:
        with pytest.raises(Refused) as refused:
            archive.read("a.txt", most=99)
        assert refused.value.code == "big_file"
        assert archive.read("a.txt", most=100) == b"a" * 100
        with pytest.raises(Refused) as refused:
            archive.read("b.txt")
        assert (refused.value.code, refused.value.name) == ("missing", "b.txt")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"{", "json"),
        (b"\xff\xfe", "json"),
        (b'"\\ud800"', "json"),
        (b'{"a\\u0000": 1}', "json"),
        (b"[NaN]", "json"),
        (b"[1e999]", "json"),
        (b"[" * 100_000 + b"]" * 100_000, "deep"),
        (b"[" * 150 + b"]" * 150, "deep"),
        (b"1" * 10_000, "json"),
    ],
)
def test_json_that_no_database_keeps_is_refused(text: bytes, code: str, brought) -> None:
    with open_archive(brought(hostile.entry("a.json", text))) as archive, pytest.raises(Refused) as refused:
        archive.json("a.json")
    assert (refused.value.code, refused.value.name) == (code, "a.json")


def test_json_may_begin_with_a_mark_of_its_encoding(brought) -> None:
    content = b"\xef\xbb\xbf" + json.dumps({"题": [1, 2.5, None, True]}).encode()
    with open_archive(brought(hostile.entry("a.json", content))) as archive:
        assert archive.json("a.json") == {"题": [1, 2.5, None, True]}


def test_a_directory_that_lies_about_its_place_is_refused(brought) -> None:
    archive = bytearray(hostile.names("a.txt"))
    place = archive.rindex(b"PK\5\6") + 16
    archive[place : place + 4] = (int.from_bytes(archive[place : place + 4], "little") + 200).to_bytes(
        4, "little"
    )
    with pytest.raises(Refused) as refused, open_archive(brought(bytes(archive))):
        pass
    assert refused.value.code == "broken"


@given(data=st.data())
def test_no_broken_archive_does_anything_but_be_refused(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    archive = bytearray(hostile.names("a.txt", "b/c.txt"))
    for _ in range(data.draw(st.integers(1, 4))):
        archive[data.draw(st.integers(0, len(archive) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("broken") / "a.zip"
    path.write_bytes(archive)
    try:
        files = read_all(path)
    except Refused:
        files = {}
    assert all(content == b"a" for content in files.values())
