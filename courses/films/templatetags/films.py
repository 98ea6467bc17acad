"""What the library's edit page needs beside the form that Wagtail gives it."""

from django import template

from courses.films.forms import CaptionForm
from courses.films.models import Film

register = template.Library()


@register.simple_tag
def caption_form(film: Film) -> CaptionForm:
    """An empty form for the subtitles of a film."""
    return CaptionForm(film=film, auto_id="caption-%s")
