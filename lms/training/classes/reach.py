"""Who may do what with a class."""

from accounts.access import MANAGERS, RULERS
from accounts.models import Cadre, Unit
from lms.training.classes.models import ClassKind, TrainingClass


def covers(by: Cadre, unit: Unit, *roles: str) -> bool:
    """Whether a unit lies in somebody's scopes of some roles."""
    return any(scope.contains(unit.code) for scope in by.scope_units(*roles))


def may_organise(by: Cadre, training_class: TrainingClass) -> bool:
    """Whether somebody runs a class: staff over its unit; rotation belongs to counties and above."""
    roles = RULERS if training_class.kind == ClassKind.ROTATION else MANAGERS
    return covers(by, training_class.unit, *roles)


def may_decide_leave(by: Cadre, training_class: TrainingClass, person: Cadre) -> bool:
    """Whether somebody grants a person leave: who runs the class, or the township of the person."""
    is_near = may_organise(by, training_class) or covers(by, person.unit, *MANAGERS)
    return is_near and by.pk != person.pk
