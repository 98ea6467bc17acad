"""`manage.py rebuild_standings`: every obligation made anew from posts, requirements and the ledger."""

import gc
from argparse import ArgumentParser
from itertools import zip_longest

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Unit
from lms.obligations.actions import Difference, differences, refresh
from lms.obligations.facts import people_in_rounds, people_with_standings
from lms.obligations.rows import Row


class Command(BaseCommand):
    """Rebuild, or with --check only compare: prints each difference and ends with 1 if there are any."""

    help = "Make every standing anew from the ledger; --check changes nothing and names each difference."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The switches."""
        parser.add_argument("--check", action="store_true", help="change nothing, print what differs")
        parser.add_argument(
            "--unit", metavar="CODE", help="only people with posts or rows in this unit's subtree"
        )
        parser.add_argument(
            "--since",
            metavar="YEAR",
            type=int,
            help="make missing rows of closed years anew from this year on",
        )

    def handle(
        self, *args: object, check: bool, unit: str | None, since: int | None, **options: object
    ) -> None:
        """Go through the people in batches, saying how far it is."""
        at = timezone.now()
        if since is not None and not 1980 <= since <= at.year:
            raise CommandError(_("--since names a year that has been."))
        region = _region(unit)
        spare_the_collector()
        total = people_with_standings(region).count()
        done = found = 0
        for ids in people_in_rounds(region):
            if check:
                found += self._compare(ids, since)
            else:
                found += refresh(ids, at=timezone.now(), since=since)
            done += len(ids)
            self.stderr.write(f"{done} / {total}")
        self._conclude(check, done, found)

    def _compare(self, ids: list[int], since: int | None) -> int:
        found = 0
        for difference in differences(ids, at=timezone.now(), since=since):
            self.stdout.write(describe(difference))
            found += 1
        return found

    def _conclude(self, check: bool, people: int, found: int) -> None:
        words = (
            _("%(people)d people, %(found)d obligations differ.")
            if check
            else _("%(people)d people, %(found)d obligations changed.")
        )
        self.stdout.write(words % {"people": people, "found": found})
        if check and found:
            raise SystemExit(1)


def spare_the_collector() -> None:
    """Let Python look for garbage seldom: batches of plain tuples make none, and looking took a third."""
    gc.freeze()
    gc.set_threshold(100_000)


def _region(code: str | None) -> Unit | None:
    if code is None:
        return None
    try:
        return Unit.objects.get(code=code)
    except Unit.DoesNotExist:
        raise CommandError(_("There is no unit with the code %(code)s.") % {"code": code}) from None


def describe(difference: Difference) -> str:
    """One line: whose row, and each field as shown and as it should be."""
    shown, right = difference.shown, difference.right
    pairs = zip_longest(Row._fields, shown or (), right)
    changes = [f"{name}: {before} -> {after}" for name, before, after in pairs if before != after]
    what = "; ".join(changes) if shown is not None else "missing"
    return f"{right.person_id} {right.slug} {right.period_key}: {what}"
