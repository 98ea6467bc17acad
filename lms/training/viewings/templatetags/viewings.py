"""How lengths are said on the pages of stations."""

from django import template

from lms.training.viewings.words import minutes

register = template.Library()
register.filter("minutes", minutes)
