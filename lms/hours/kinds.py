"""Which ledgers there are, what lines are earned with, why less is granted, and the limits of a kind."""

from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

MOST_YEARLY = Decimal(2_000)


class Ledger(models.TextChoices):
    """Separate accounts, shown side by side and never summed into one."""

    CONCENTRATED = "CONCENTRATED", _("Concentrated training")
    ONLINE = "ONLINE", _("Online self-study")
    COLLECTIVE = "COLLECTIVE", _("Collective study")


class EntryKind(models.TextChoices):
    """What a ledger line was earned with."""

    LESSON = "LESSON", _("Lesson")
    QUIZ = "QUIZ", _("Quiz")
    CLASS = "CLASS", _("Training class")
    ROTATION = "ROTATION", _("Rotation class")
    VIEWING = "VIEWING", _("Collective viewing")
    CLAIM = "CLAIM", _("Hours earned elsewhere")


# The kinds that a phone reports, and that share the day's cap; the others are written down by staff.
STUDY_KINDS = frozenset({EntryKind.LESSON.value, EntryKind.QUIZ.value})
# The kinds that are counted in days and times too.
CLASS_KINDS = frozenset({EntryKind.CLASS.value, EntryKind.ROTATION.value})


class Withheld(models.TextChoices):
    """Why a line grants less than the learning was worth."""

    NOTHING = "", _("Nothing withheld")
    DAILY_CAP = "DAILY_CAP", _("Daily limit reached")
    ABSENT = "ABSENT", _("Absent for too much of the class")
    CLASS_CAP = "CLASS_CAP", _("Limit of one class reached")
    KIND_CAP = "KIND_CAP", _("Yearly limit of this kind reached")


def read_caps(table: object) -> dict[EntryKind, Decimal]:
    """The yearly limits of a stored table by kind; ValidationError says what is wrong with it."""
    if not isinstance(table, dict) or not table.keys() <= set(EntryKind):
        raise ValidationError(_("A yearly limit names a kind of learning."))
    return {EntryKind(kind): _read_cap(text) for kind, text in table.items()}


def validate_caps(table: object) -> None:
    """Refuse a table that `read_caps` cannot read."""
    read_caps(table)


def _read_cap(text: object) -> Decimal:
    try:
        cap = Decimal(text) if isinstance(text, str) else Decimal("NaN")
    except InvalidOperation:
        cap = Decimal("NaN")
    # A NaN compares false with everything, an infinity is above the top.
    if not cap.is_finite() or not 0 < cap <= MOST_YEARLY or cap != cap.quantize(Decimal("0.01")):
        raise ValidationError(_("Hours of a kind a year lie between 0.01 and 2000."))
    return cap
