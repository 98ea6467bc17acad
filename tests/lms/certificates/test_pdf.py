"""The certificate as a file: its text, its bytes, rare characters, long names."""

import hashlib
import io
import os
import pickle
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from lms.certificates.fonts import certificate_font, composed, unpacked_font
from lms.certificates.pdf import HEIGHT, WIDTH, Ended, LedgerLine, Printed, certificate_pdf
from lms.certificates.pen import Pen

PROJECT = Path(__file__).resolve().parents[3]
RARE = "堃喆昇旻䶮㛃𬭎"
CERTIFICATE = Printed(
    serial="XX-2026-530000-0001287",
    verify_url="https://study.example.gov.cn/verify/8f3a2c71d09b4e55",
    kind_title="年度学时证明",
    name="李国强",
    id_last_four="123X",
    unit_path=("云南省", "大理白族自治州", "漾濞彝族自治县", "苍山西镇", "光明村"),
    role_names=("村党组织书记", "村民委员会主任"),
    obligation_name="村党组织书记和两委委员年度集中培训",
    period_label="2026年度",
    starts_on=date(2026, 1, 1),
    due_on=date(2026, 12, 31),
    required=Decimal("32.00"),
    earned=Decimal("42.00"),
    measure="学时",
    met_on=date(2026, 11, 2),
    ledgers=(
        LedgerLine("集中培训", Decimal("30.00"), "学时"),
        LedgerLine("网络自学", Decimal("52.50"), "学时"),
        LedgerLine("集体学习", Decimal("12.00"), "学时"),
    ),
    rule_versions=("省级学时认定规则 2026年1月版", "省级学时认定规则 2026年7月版"),
    issued_on=date(2026, 12, 20),
    issuer="中共漾濞彝族自治县委员会党校",
    digest=hashlib.sha256(b"snapshot").hexdigest(),
)


def read(certificate: Printed) -> PdfReader:
    return PdfReader(io.BytesIO(certificate_pdf(certificate)))


def text_of(certificate: Printed) -> str:
    """All text of the sheet without the white space that line ends and tables bring."""
    return re.sub(r"\s", "", read(certificate).pages[0].extract_text())


@pytest.fixture
def pen() -> Pen:
    return Pen(Canvas(io.BytesIO()), certificate_font())


def test_sheet_is_one_landscape_a4_with_its_fonts_embedded() -> None:
    reader = read(CERTIFICATE)
    (page,) = reader.pages
    assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(
        (WIDTH, HEIGHT), abs=0.01
    )
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert fonts
    assert all(re.fullmatch(r"/[A-Z]{6}\+NotoSerifSC-Medium", font["/BaseFont"]) for font in fonts)
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts)


@pytest.mark.parametrize(
    "printed",
    [
        CERTIFICATE.serial,
        CERTIFICATE.verify_url,
        CERTIFICATE.kind_title,
        CERTIFICATE.name,
        CERTIFICATE.id_last_four,
        *CERTIFICATE.unit_path,
        *CERTIFICATE.role_names,
        CERTIFICATE.obligation_name,
        CERTIFICATE.period_label,
        "32学时",
        "42学时",
        "2026年11月2日",
        "集中培训30学时",
        "网络自学52.5学时",
        "集体学习12学时",
        *(version.replace(" ", "") for version in CERTIFICATE.rule_versions),
        CERTIFICATE.issuer,
        CERTIFICATE.digest,
    ],
)
def test_every_printed_item_can_be_extracted(printed: str) -> None:
    assert printed in text_of(CERTIFICATE)


def test_metadata_names_the_certificate_and_its_day() -> None:
    about = read(CERTIFICATE).metadata
    assert about is not None
    assert about.title == "年度学时证明 李国强"
    assert CERTIFICATE.serial in str(about.subject)
    assert about.author == CERTIFICATE.issuer
    assert about.creation_date is not None
    assert about.creation_date.date() == CERTIFICATE.issued_on


@pytest.mark.parametrize(
    ("ended", "words"),
    [
        (Ended(is_revoked=True, on=date(2027, 1, 8), successor=""), ["已撤销", "2027年1月8日"]),
        (
            Ended(is_revoked=False, on=date(2027, 1, 8), successor="XX-140728-2027-000123-5"),
            ["已换发", "2027年1月8日", "XX-140728-2027-000123-5"],
        ),
    ],
)
def test_one_out_of_force_says_so_across_the_sheet_and_nothing_beneath_changes(
    ended: Ended, words: list[str]
) -> None:
    (whole,) = read(CERTIFICATE).pages
    (page,) = PdfReader(io.BytesIO(certificate_pdf(CERTIFICATE, ended=ended))).pages
    before, after = whole.get_contents().get_data(), page.get_contents().get_data()
    assert after.startswith(before.rstrip())
    over = re.sub(r"\s", "", page.extract_text()).removeprefix(re.sub(r"\s", "", whole.extract_text()))
    assert all(word in over for word in words)
    assert not any(word in text_of(CERTIFICATE) for word in words)


def test_same_input_gives_the_same_bytes_in_another_process_zone_and_hash_seed() -> None:
    code = (
        "import django, hashlib, pickle, sys; django.setup();"
        "from lms.certificates.pdf import certificate_pdf;"
        "print(hashlib.sha256(certificate_pdf(pickle.load(sys.stdin.buffer))).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=pickle.dumps(CERTIFICATE),
        env={**os.environ, "TZ": "America/Lima", "PYTHONHASHSEED": "7"},
        cwd=PROJECT,
        check=True,
        capture_output=True,
    )
    assert done.stdout.decode().split() == [hashlib.sha256(certificate_pdf(CERTIFICATE)).hexdigest()]


def test_certificates_drawn_in_parallel_do_not_mix() -> None:
    wanted = [replace(CERTIFICATE, name=name) for name in ("李国强", RARE, "阿依古丽", "次仁旺堆") * 3]
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(certificate_pdf, wanted))
    assert drawn == [certificate_pdf(certificate) for certificate in wanted]


@pytest.mark.parametrize("character", RARE)
def test_rare_character_of_a_name_is_printed_and_extracted(character: str) -> None:
    assert f"王{character}" in text_of(replace(CERTIFICATE, name=f"王{character}"))


def test_character_absent_from_the_typeface_is_named_by_its_code_not_boxed() -> None:
    text = text_of(replace(CERTIFICATE, name="王\U000212fe"))
    assert "王〓" in text
    assert "U+212FE" in text


def test_no_note_where_nothing_is_absent() -> None:
    assert "〓" not in text_of(CERTIFICATE)


def test_long_name_of_a_minority_person_stays_whole() -> None:
    name = "买买提·吐尔逊江·阿不都热合曼"
    assert name in text_of(replace(CERTIFICATE, name=name))
    longer = "阿卜杜热合曼·" * 8 + "买买提"
    assert longer in text_of(replace(CERTIFICATE, name=longer))


def test_long_unit_path_and_many_roles_stay_whole() -> None:
    units = (
        "新疆维吾尔自治区",
        "伊犁哈萨克自治州",
        "察布查尔锡伯自治县",
        "米粮泉回族乡",
        "阔洪奇达斡尔族民族团结示范村" * 4,
    )
    roles = ("村党组织书记", "村民委员会主任", "驻村第一书记", "到村任职选调生", "网格员")
    text = text_of(replace(CERTIFICATE, unit_path=units, role_names=roles))
    assert "".join(units) in text
    assert all(role in text for role in roles)


def test_person_without_post_number_rules_or_ledgers_has_a_certificate() -> None:
    bare = replace(CERTIFICATE, role_names=(), id_last_four="", rule_versions=(), ledgers=())
    text = text_of(bare)
    assert "光明村" in text
    assert "123X" not in text


def test_invisible_characters_are_dropped_and_accents_composed() -> None:
    assert composed("王\u200b堃\ufe00\n李e\u0301") == "王堃 李é"


@given(text=st.text("村党组织书记，。、（“”）·2026.学时 abc", max_size=80), width=st.floats(60, 300))
def test_lines_fit_and_begin_and_end_as_chinese_lines_may(text: str, width: float) -> None:
    pen = Pen(Canvas(io.BytesIO()), certificate_font())
    text = re.sub("([，。、（“”）·.])[，。、（“”）·.]+", r"\1", text).strip()
    lines = pen.lines(text, 10, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(pen.width(line.rstrip(" "), 10) <= width + 0.01 for line in lines if len(line) > 12)
    assert not any(line[:1] in set("，。、”）·.") for line in lines[1:])
    assert not any(line[-1:] in set("“（") for line in lines[:-1])


def test_line_is_made_smaller_rather_than_wider_than_its_room(pen: Pen) -> None:
    assert pen.line("中共察布查尔锡伯自治县委员会组织部", 0, 0, 30, room=200) == pytest.approx(200)


def test_font_cache_is_written_once_whole_by_many_at_a_time(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(unpacked_font, (tmp_path, tmp_path))
    (kept,) = tmp_path.iterdir()
    assert kept.read_bytes() == first == second


def test_font_cache_cut_short_is_replaced(tmp_path: Path) -> None:
    whole = unpacked_font(tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(whole[:1000])
    assert unpacked_font(tmp_path) == whole == kept.read_bytes()


def test_font_cache_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert len(unpacked_font(tmp_path / "file")) > 10_000_000
