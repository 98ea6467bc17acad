from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from accounts.codes import LENGTHS, ancestors, depth_of, is_code, prefix_of, subtree
from accounts.models import Level, Unit
from tests.factories import county_tree

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples" / "units"
PARTS = [st.integers(11, 99), *[st.integers(1, 99)] * 2, *[st.integers(1, 999)] * 2]


@st.composite
def unit_codes(draw: st.DrawFn) -> str:
    """A code of any level, whose parts are not zero as far as they go."""
    widths = (2, 2, 2, 3, 3)
    depth = draw(st.integers(1, 5))
    parts = [f"{draw(PARTS[place]):0{widths[place]}d}" for place in range(depth)]
    return "".join(parts).ljust(12, "0")


@given(unit_codes())
def test_code_lies_in_its_own_subtree_and_in_those_of_all_above(code: str) -> None:
    for above in ancestors(code):
        low, high = subtree(above)
        assert low <= code <= high
        assert code.startswith(prefix_of(above))


@given(unit_codes())
def test_digits_of_a_level_are_those_of_its_codes(code: str) -> None:
    level = list(Level)[depth_of(code)]
    assert level.digits == len(prefix_of(code))


@given(unit_codes(), unit_codes())
def test_subtree_is_the_same_as_the_prefix(one: str, other: str) -> None:
    low, high = subtree(one)
    assert (low <= other <= high) == other.startswith(prefix_of(one))


@given(unit_codes())
def test_ancestors_go_one_level_at_a_time_down_to_the_code(code: str) -> None:
    chain = ancestors(code)
    assert chain[-1] == code
    assert [depth_of(above) for above in chain] == list(range(len(chain)))
    assert is_code(code)
    assert len(prefix_of(code)) in LENGTHS


@pytest.mark.parametrize(
    "code", ["", "14072810020", "1407281002011", "040728100201", "14072810020x", "１40728100201"]
)
def test_code_of_another_shape_is_none(code: str) -> None:
    assert not is_code(code)


# --- the command -----------------------------------------------------------------------------------
COUNTY = (
    "code,name,level\n140000000000,山西省,province\n140700000000,晋中市,city\n140728000000,平遥县,county\n"
)
VILLAGES = "140728100000,古陶镇,township\n140728100201,东城村民委员会,village\n"


def bring(tmp_path: Path, text: str, name: str = "units.csv") -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    call_command("import_units", str(file))


@pytest.mark.django_db
def test_import_units_sets_levels_and_parents(tmp_path: Path) -> None:
    bring(tmp_path, COUNTY + VILLAGES)
    village = Unit.objects.get(code="140728100201")
    assert (village.level, village.parent.name) == (Level.VILLAGE, "古陶镇")
    assert [unit.name for unit in Unit.objects.above(village)] == [
        "山西省",
        "晋中市",
        "平遥县",
        "古陶镇",
        "东城村民委员会",
    ]


@pytest.mark.django_db
def test_import_units_twice_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bring(tmp_path, COUNTY + VILLAGES)
    before = list(Unit.objects.values())
    bring(tmp_path, COUNTY + VILLAGES)
    assert list(Unit.objects.values()) == before
    assert "0 units are new, 0 changed" in capsys.readouterr().out


@pytest.mark.django_db
def test_import_units_corrects_a_name_and_takes_rows_in_any_order(tmp_path: Path) -> None:
    bring(tmp_path, COUNTY + VILLAGES)
    head, *rows = (COUNTY + VILLAGES).replace("东城村民委员会", "东关村民委员会").strip().split("\n")
    bring(tmp_path, "\n".join([head, *reversed(rows)]))
    assert Unit.objects.get(code="140728100201").name == "东关村民委员会"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("14072810020,短,village", "12 digits"),
        ("140728100202,西城村,county", "not one of a county"),
        ("140728100202,西城村,hamlet", "unknown level"),
        ("140728101201,段村,village", "neither in the file nor known"),
        ("140728100201,东城村,village", "twice"),
        ("140728100202,,village", "name"),
        ("140728100202", "name"),
    ],
)
def test_import_units_with_a_wrong_row_writes_nothing(tmp_path: Path, row: str, why: str) -> None:
    with pytest.raises(CommandError, match=why):
        bring(tmp_path, COUNTY + VILLAGES + row + "\n")
    assert not Unit.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "编码,名称\n", "name,code,level\n"])
def test_import_units_without_the_header_writes_nothing(tmp_path: Path, text: str) -> None:
    with pytest.raises(CommandError):
        bring(tmp_path, text)


@pytest.mark.django_db
def test_import_units_of_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("import_units", str(tmp_path / "none.csv"))


@pytest.mark.django_db
def test_import_units_of_the_demo_county_is_a_whole_county() -> None:
    file = Path(__file__).resolve().parents[2] / "lms" / "demo" / "units.csv"
    call_command("import_units", str(file))
    county = Unit.objects.get(code="140728000000")
    below = Unit.objects.within(county)
    assert (below.filter(level=Level.TOWNSHIP).count(), below.filter(level=Level.VILLAGE).count()) == (
        16,
        227,
    )
    assert not Unit.objects.filter(parent=None).exclude(level=Level.PROVINCE).exists()


@pytest.mark.django_db
@pytest.mark.skipif(not SAMPLES.exists(), reason="the shared samples are not on this machine")
def test_import_units_takes_a_large_province_packed() -> None:
    call_command("import_units", str(SAMPLES / "henan.csv.gz"))
    assert Unit.objects.filter(level=Level.VILLAGE).count() == 52_378


# --- reads -----------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_within_is_the_unit_and_everything_below() -> None:
    tree = county_tree()
    assert set(Unit.objects.within(tree.township)) == {tree.township, tree.village, tree.other_village}
    assert tree.county.contains(tree.far_village.code)
    assert not tree.township.contains(tree.far_village.code)
