"""A person with a post, a phone and a password."""

import pytest
from django.contrib.auth.hashers import make_password
from pytest_django import Settings

from accounts.models import Cadre
from tests.accounts.signin.doors import PASSWORD
from tests.factories import PostFactory, county_tree


@pytest.fixture(autouse=True)
def _fresh(settings: Settings) -> None:
    settings.DEMO = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def person() -> Cadre:
    tree = county_tree()
    post = PostFactory(person__unit=tree.village, person__phone="13800126634", person__number="20260001")
    Cadre.objects.filter(pk=post.person_id).update(password=make_password(PASSWORD), is_phone_verified=False)
    return Cadre.objects.get(pk=post.person_id)
