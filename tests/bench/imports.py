"""`run.py bench imports`: people out of a spreadsheet, read, judged and written; the bar is 10,000 in 8 s."""

import argparse
import io
import resource
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import pairwise

AT = datetime(2026, 6, 1, 4, tzinfo=UTC)
ON = date(2026, 6, 1)
HEADER = ["姓名", "手机号", "身份证号", "单位代码", "职务", "任职日期", "党员", "新当选"]
COUNTIES, TOWNSHIPS, VILLAGES = 11, 15, 15


def main(argv: Sequence[str] | None = None) -> int:
    """Fill a database of its own with a city, bring one roster three times, print the table."""
    parser = argparse.ArgumentParser(prog="bench imports")
    parser.add_argument("--people", type=int, default=10_000)
    people: int = parser.parse_args(argv).people

    import django

    django.setup()
    from django.db import connection

    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        _measure(people)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
    return 0


def _measure(people: int) -> None:
    from django.contrib.auth.hashers import make_password
    from django.db import connection

    codes = _city()
    print(f"{connection.vendor}, {people} people in {len(codes)} villages")
    print(f"{'roster':<34}{'read':>7}{'judge':>7}{'write':>7}{'all':>7}{'queries':>9}{'MB':>6}")
    _row("everybody is new", _roster(codes, people))
    _row("the same file again", _roster(codes, people))
    _row("every phone number changed", _roster(codes, people, first=13_900_000_000))
    start = time.perf_counter()
    for _ in range(5):
        make_password("liuwan-2026-lake")
    hashing = (time.perf_counter() - start) / 5 * people
    print(f"for scale: hashing {people} passwords would take {hashing:.0f} s more (1,300 s beside the bar)")


def _row(name: str, file: io.BytesIO) -> None:
    from django.db import connection

    from accounts.actions import import_people
    from accounts.models import Unit
    from accounts.roster.imports import plan_import
    from accounts.roster.sheets import read_rows

    queries: list[str] = []

    def counted(execute, sql, params, many, context):  # type: ignore[no-untyped-def]  # Django's own wrapper
        queries.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(counted):
        moments = [time.perf_counter()]
        rows = read_rows(file).rows
        moments.append(time.perf_counter())
        plan = plan_import(rows, scope=[Unit.objects.get(code="140700000000")], on=ON)
        moments.append(time.perf_counter())
        import_people(plan=plan, by=None, at=AT)
        moments.append(time.perf_counter())
    steps = [after - before for before, after in pairwise(moments)]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    times = "".join(f"{seconds:>7.2f}" for seconds in [*steps, sum(steps)])
    print(f"{name:<34}{times}{len(queries):>9}{memory:>6}", flush=True)


def _city() -> list[str]:
    """A city with its counties, townships and villages; the codes of the villages."""
    from accounts.actions import import_units
    from accounts.actions.units import UnitRow

    rows = [("140000000000", "山西省", "PROVINCE"), ("140700000000", "晋中市", "CITY")]
    villages = []
    for county in range(1, COUNTIES + 1):
        rows.append((f"1407{county:02d}000000", f"县{county}", "COUNTY"))
        for township in range(100, 100 + TOWNSHIPS):
            prefix = f"1407{county:02d}{township}"
            rows.append((f"{prefix}000", f"镇{prefix[4:]}", "TOWNSHIP"))
            villages += [f"{prefix}{village}" for village in range(201, 201 + VILLAGES)]
    rows += [(code, f"村{code[4:]}", "VILLAGE") for code in villages]
    import_units(rows=[UnitRow(line, *row) for line, row in enumerate(rows, start=2)])
    return villages


def _roster(codes: list[str], people: int, first: int = 13_800_000_000) -> io.BytesIO:
    """An XLSX of so many people, each third with two posts, all with an ID number."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADER)
    for number in range(people):
        roles = "书记、主任" if number % 3 == 0 else "委员"
        sheet.append(
            [
                "王李赵"[number % 3] + chr(0x4E00 + number % 5000),
                str(first + number),
                _id_number(number),
                codes[number % len(codes)],
                roles,
                "2025-03-01",
                "是" if number % 2 else "否",
                "否",
            ]
        )
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def _id_number(number: int) -> str:
    """A valid ID number of nobody: its region does not exist."""
    from accounts import identity

    born = f"{1960 + number % 40}{1 + number % 12:02d}{1 + number % 28:02d}"
    base = f"99{number // 1000:04d}{born}{number % 1000:03d}"
    return base + identity.check_digit(base)
