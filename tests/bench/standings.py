"""`run.py bench standings`: how many people a second are rebuilt from the ledger, and is it linear."""

import argparse
import resource
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

COUNTY = "140728"
AT = datetime(2026, 11, 20, 4, tzinfo=UTC)
ROLES = ("SECRETARY", "DIRECTOR", "COMMITTEE_MEMBER", "COMMITTEE_MEMBER", "RESERVE")


def main(argv: Sequence[str] | None = None) -> int:
    """Fill a database of its own, rebuild it in four states, print the table, remove it."""
    parser = argparse.ArgumentParser(prog="bench standings")
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--lines", type=int, default=30, help="ledger lines of each person")
    options = parser.parse_args(argv)

    import django

    django.setup()
    from django.db import connection

    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        _fill(options.people, options.lines)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        _measure(options.people, options.lines)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
    return 0


def _measure(people: int, lines: int) -> None:
    from django.db import connection

    from lms.obligations.actions import differences, refresh
    from lms.obligations.facts import people_in_rounds
    from lms.obligations.management.commands.rebuild_standings import spare_the_collector
    from lms.obligations.models import Obligation

    def rebuild(share: int = 1) -> int:
        done = 0
        for ids in people_in_rounds(None):
            refresh(ids, at=AT)
            done += len(ids)
            if done * share >= people:
                break
        return done

    def check() -> int:
        return sum(len(ids) - len(list(differences(ids, at=AT))) for ids in people_in_rounds(None))

    def damage() -> None:
        Obligation.objects.update(earned=0, is_met=False, met_on=None)

    spare_the_collector()  # as the command does
    print(f"{connection.vendor}, {people} people, {lines} ledger lines each")
    print(f"{'work':<44}{'people':>8}{'seconds':>9}{'people/s':>10}{'queries':>9}{'MB':>6}")
    _row("a quarter of the rows written anew", lambda: rebuild(4))
    Obligation.objects.all().delete()
    _row("every row written anew (table was empty)", rebuild)
    _row("rebuild, nothing differs", rebuild)
    _row("rebuild --check", check)
    damage()
    _row("rebuild, every figure was wrong", rebuild)


def _row(name: str, work: Callable[[], int]) -> None:
    from django.db import connection

    count = 0

    def counted(execute: Callable[..., object], *args: object) -> object:
        nonlocal count
        count += 1
        return execute(*args)

    with connection.execute_wrapper(counted):
        start = time.perf_counter()
        people = work()
        seconds = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{name:<44}{people:>8}{seconds:>9.2f}{people / seconds:>10.0f}{count:>9}{memory:>6}", flush=True)


def _fill(people: int, lines: int) -> None:
    from accounts.models import Cadre, Post, Role, Term, Unit
    from lms.hours.actions import install_default_rule
    from lms.obligations.actions import install_default_requirements

    province = Unit.objects.create(code="140000000000", name="省", level="PROVINCE")
    county = Unit.objects.create(code=COUNTY + "000000", name="县", level="COUNTY", parent=province)
    codes = [f"{COUNTY}{100 + number // 30}{200 + number % 30}" for number in range(max(1, people // 5))]
    Unit.objects.bulk_create(
        [Unit(code=code, name=code, level="VILLAGE", parent=county) for code in codes[:24_000]],
        batch_size=2_000,
    )
    villages = list(Unit.objects.filter(level="VILLAGE"))
    Term.objects.create(county=county, number=12, starts_on=date(2025, 12, 1), ends_on=date(2030, 11, 30))
    rule = install_default_rule(province, date(2020, 1, 1))
    install_default_requirements(province, date(2026, 1, 1))
    Cadre.objects.bulk_create(
        [
            Cadre(
                number=f"{number:010d}",
                name=f"人{number}",
                unit=villages[number % len(villages)],
                is_party_member=number % 3 > 0,
            )
            for number in range(people)
        ],
        batch_size=2_000,
    )
    cadres = list(Cadre.objects.order_by("pk"))
    Post.objects.bulk_create(
        [
            Post(
                person=cadre,
                unit=cadre.unit,
                role=Role(ROLES[number % len(ROLES)]),
                from_on=date(2026, 1, 10) if number % 4 == 0 else date(2023, 1, 10),
                is_newly_elected=number % 4 == 0,
            )
            for number, cadre in enumerate(cadres)
        ],
        batch_size=2_000,
    )
    for start in range(0, people, 1_000):
        _fill_ledger(cadres[start : start + 1_000], lines, rule)


def _fill_ledger(cadres: "Sequence[object]", lines: int, rule: object) -> None:
    from lms.hours.models import HoursEntry

    entries = []
    for cadre in cadres:
        for number in range(lines):
            # Two in three are lessons, then collective sessions, one class in ten lines.
            ledger = "CONCENTRATED" if number % 10 == 9 else "COLLECTIVE" if number % 3 == 2 else "ONLINE"
            is_class = ledger == "CONCENTRATED"
            earned_at = datetime(2026, 1, 15, 4, tzinfo=UTC) + timedelta(days=number * 290 // lines)
            entries.append(
                HoursEntry(
                    person=cadre,
                    source=f"bench:{number}",
                    kind="CLASS" if is_class else "VIEWING" if ledger == "COLLECTIVE" else "LESSON",
                    title="课",
                    ledger=ledger,
                    hours=Decimal(12) if is_class else Decimal(2),
                    days=Decimal(2 if is_class else 0),
                    times=int(is_class),
                    earned_at=earned_at,
                    earned_on=earned_at.date(),
                    year=2026,
                    recorded_at=earned_at,
                    rule=rule,
                    unit_id=cadre.unit_id,
                )
            )
    HoursEntry.objects.bulk_create(entries, batch_size=2_000)


if __name__ == "__main__":
    import os
    from pathlib import Path

    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    sys.exit(main())
