"""What a publisher sets at the desk."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import StaffRole
from tests.courses.conftest import publisher

pytestmark = pytest.mark.django_db


def test_the_settings_of_the_desk_can_be_saved_and_leave_the_name_alone(trainer: Client) -> None:
    url = reverse("wagtailadmin_account")
    assert "name_email-first_name" not in trainer.get(url).content.decode()
    data = {
        "locale-preferred_language": "en",
        "theme-theme": "system",
        "theme-contrast": "system",
        "theme-density": "default",
    }
    assert trainer.post(url, data).status_code == 302


def test_a_station_keeper_has_no_settings_of_the_desk(client: Client) -> None:
    client.force_login(publisher(StaffRole.STATION))
    assert client.get(reverse("wagtailadmin_account")).status_code in (302, 403)
