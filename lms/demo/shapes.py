"""The shapes in which the demo's people are planned before anything is written."""

from dataclasses import dataclass
from datetime import date

from accounts.models import Role


@dataclass(frozen=True, kw_only=True)
class PostPlan:
    """A post that somebody holds or held."""

    unit: str
    role: Role
    from_on: date
    to_on: date | None = None
    is_newly_elected: bool = False


@dataclass(frozen=True, kw_only=True)
class PersonPlan:
    """A person as the demo invents them; `key` names those who have a part to play."""

    number: str
    name: str
    unit: str
    birth_year: int
    posts: tuple[PostPlan, ...] = ()
    phone: str | None = None
    identity: str | None = None
    is_party_member: bool = False
    key: str = ""
    has_password: bool = False
