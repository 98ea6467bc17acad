"""Sessions that have run out are forgotten, running ones are not."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actions import clear_sessions
from accounts.models import Cadre, Session
from lms.jobs.registry import load
from tests.factories import CadreFactory, county_tree

pytestmark = pytest.mark.django_db


def signed_in(person: Cadre) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_what_has_run_out_is_forgotten() -> None:
    person = CadreFactory(unit=county_tree().village)
    old, running = signed_in(person), signed_in(person)
    now = timezone.now()
    Session.objects.filter(session_key=old.session.session_key).update(expire_date=now - timedelta(days=1))
    assert [clear_sessions(at=now), clear_sessions(at=now)] == [1, 0]
    assert running.get("/me/").status_code == 200
    assert old.get("/me/").status_code == 302


def test_sessions_are_cleared_every_day() -> None:
    assert load().recurring["accounts.clear_sessions"].seconds == 86_400
