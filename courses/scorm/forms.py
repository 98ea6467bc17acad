"""The form of SCORM courseware."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.packages.forms import PackageForm
from courses.scorm.models import Courseware


class CoursewareForm(PackageForm):
    """A courseware with what finishes a lesson that plays it."""

    class Meta(PackageForm.Meta):
        model = Courseware

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Wagtail's
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.fields["upload"].help_text = _(
                "A ZIP archive of SCORM 1.2 or 2004, with imsmanifest.xml at its top."
            )
