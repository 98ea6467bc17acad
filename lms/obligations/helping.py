"""Who can be named as the helper (帮带责任人) of somebody who is exempt."""

from accounts.codes import LENGTHS
from accounts.models import Cadre, Level, Unit
from accounts.models.people import CadreQuerySet

TOWNSHIP = Level.TOWNSHIP.digits


def may_help(person: Cadre) -> CadreQuerySet:
    """Everybody else of the township that keeps the file (or of the wider place) with an open account."""
    home = Unit(code=person.unit.code[:TOWNSHIP].ljust(LENGTHS[-1], "0"))
    people: CadreQuerySet = Cadre.objects.within(home).filter(is_active=True).exclude(pk=person.pk)
    return people
