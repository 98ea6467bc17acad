"""What all our pages share."""

from typing import ClassVar

from django.db import models
from wagtail.models import Page, PageViewRestriction


class OpenPage(Page):
    """A page without Wagtail's privacy switch: all are public, but a lesson asks for sign-in itself."""

    private_page_options: ClassVar[list[str]] = []

    class Meta:
        abstract = True

    def get_view_restrictions(self) -> "models.QuerySet[PageViewRestriction]":
        """None, without asking the database on every visit."""
        nothing: models.QuerySet[PageViewRestriction] = PageViewRestriction.objects.none()
        return nothing
