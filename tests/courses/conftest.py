"""Real films, whole and hostile, and people who publish."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.actions import grant_scope
from accounts.models import Cadre, StaffRole
from courses.actions import install_groups
from tests.factories import CadreFactory, UnitFactory, site

DEMO = Path(settings.BASE_DIR) / "media" / "demo"
FILM = DEMO / "films" / "leave-early.mp4"  # 20 s, H.264 and AAC
RECORDING = DEMO / "audio" / "fraud-broadcast.m4a"  # 42 s

Upload = Callable[..., SimpleUploadedFile]


def upload(path: Path = FILM, *, name: str = "", content: bytes | None = None) -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name or path.name, path.read_bytes() if content is None else content)


def publisher(role: str) -> Cadre:
    """Somebody of the publishing desk, with the rights of the role."""
    site()
    install_groups()
    person: Cadre = CadreFactory(unit=UnitFactory())
    grant_scope(person=person, unit=person.unit, role=role, by=None, at=timezone.now())
    return Cadre.objects.get(pk=person.pk)


def signed_in(person: Cadre) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def trainer(db: None) -> Client:
    return signed_in(publisher(StaffRole.TRAINER))


@pytest.fixture
def reviewer(db: None) -> Client:
    return signed_in(publisher(StaffRole.REVIEWER))
