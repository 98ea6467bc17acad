"""Who: units, people, posts, terms and staff scopes."""

from .imports import ImportStatus, PeopleImport
from .people import AuditLine, Cadre, CadreChange
from .posts import COMMITTEE_ROLES, READERS, Post, Role, StaffRole, StaffScope, Term, can_begin
from .signin import OneTimeCode, Session
from .units import Level, Unit

__all__ = [
    "COMMITTEE_ROLES",
    "READERS",
    "AuditLine",
    "Cadre",
    "CadreChange",
    "ImportStatus",
    "Level",
    "OneTimeCode",
    "PeopleImport",
    "Post",
    "Role",
    "Session",
    "StaffRole",
    "StaffScope",
    "Term",
    "Unit",
    "can_begin",
]
