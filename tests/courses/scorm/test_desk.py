"""SCORM courseware in the publishing desk: what it has of its own."""

import pytest
from django.test import Client
from django.urls import reverse

from courses.scorm.unapplied import Unapplied
from tests.courses.packages import kept

pytestmark = pytest.mark.django_db


def test_the_list_shows_the_standard_once_it_is_known(trainer: Client) -> None:
    kept.courseware(standard="2004", edition="2004 3rd Edition")
    kept.courseware(standard="2004", edition="CAM 1.3")
    html = trainer.get(reverse("scorm_courseware:index")).content.decode()
    assert "SCORM 2004 3rd Edition" in html
    assert "SCORM 2004 · CAM 1.3" in html
    kept.courseware(folder="", standard="1.2", title="未解包")
    html = trainer.get(reverse("scorm_courseware:index")).content.decode()
    assert "未解包" in html
    assert "SCORM 1.2" not in html


def test_its_page_shows_the_menu_with_its_branches(trainer: Client) -> None:
    html = trainer.get(reverse("scorm_courseware:edit", args=[kept.courseware().pk])).content.decode()
    assert html.index("第一章") < html.index("开始")


def test_its_page_says_what_is_not_applied_and_what_the_menu_leaves_out(trainer: Client) -> None:
    row = {"item": "one", "title": "一", "is_visible": False, "children": []}
    kept_one = kept.courseware(unapplied=["ORDER"], menu=[row])
    html = trainer.get(reverse("scorm_courseware:edit", args=[kept_one.pk])).content.decode()
    assert "data-unapplied" in html
    assert str(Unapplied.ORDER.label) in html
    assert "<em>" in html


def test_the_preview_lets_the_host_keep_its_origin_and_speaks_to_it_alone(trainer: Client) -> None:
    html = trainer.get(reverse("scorm_courseware:preview", args=[kept.courseware().pk])).content.decode()
    assert "allow-same-origin" in html
    origin = html.partition('data-origin="')[2].partition('"')[0]
    assert html.partition('data-preview="')[2].startswith(f"{origin}/")
    assert origin.startswith("http")
