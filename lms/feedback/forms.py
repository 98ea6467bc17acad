"""Forms of 意见建议."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.feedback.models import Reply, Suggestion


class SuggestionForm(forms.ModelForm[Suggestion]):
    """What somebody would like to tell us; a name is not asked for."""

    is_anonymous = forms.BooleanField(
        label=_("Do not show my name"),
        help_text=_("Then no personal reply can reach you."),
        required=False,
    )

    class Meta:
        model = Suggestion
        fields: ClassVar[list[str]] = ["text", "contact"]
        help_texts: ClassVar[dict[str, object]] = {
            "contact": _("You are not signed in: without it we read your words, but cannot answer you.")
        }
        widgets: ClassVar[dict[str, forms.Widget]] = {"text": forms.Textarea(attrs={"rows": 5})}


class ReplyForm(forms.ModelForm[Reply]):
    """An answer, and whether it settles the matter."""

    class Meta:
        model = Reply
        fields: ClassVar[list[str]] = ["text"]
        widgets: ClassVar[dict[str, forms.Widget]] = {"text": forms.Textarea(attrs={"rows": 3})}
