"""Packages that others made are taken as they are: no parameter changes, no picture is lost."""

import json
import zipfile
from pathlib import Path

import pytest
from django.conf import settings

from courses.h5p.models import Library
from tests.courses.h5p.bringing import unpacked
from tests.samples import sample

pytestmark = pytest.mark.django_db
MAIN = {
    "dialog-cards": ("H5P.Dialogcards 1.8", 11, 0, False),
    "drag-text": ("H5P.DragText 1.8", 11, 0, True),
    "interactive-video": ("H5P.InteractiveVideo 1.22", 55, 13, True),
    "question-set": ("H5P.QuestionSet 1.17", 32, 9, True),
    "true-false": ("H5P.TrueFalse 1.6", 10, 0, True),
}


@pytest.mark.parametrize("name", MAIN)
def test_a_real_package_is_taken_unchanged(name: str) -> None:
    path = sample(f"h5p/{name}.h5p")
    content = unpacked(path.read_bytes())
    found = (str(content.main), Library.objects.count(), len(content.parts), content.tells_result)
    assert found == MAIN[name]
    with zipfile.ZipFile(path) as archive:
        assert content.params == json.loads(archive.read("content/content.json"))
        for file in content.files:
            kept = Path(settings.MEDIA_ROOT) / content.folder / file
            assert kept.read_bytes() == archive.read(f"content/{file}")


def test_all_of_them_share_their_libraries() -> None:
    for name in MAIN:
        unpacked(sample(f"h5p/{name}.h5p").read_bytes())
    assert Library.objects.count() == 59
    assert not Library.objects.filter(current=None).exists()
