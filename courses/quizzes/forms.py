"""Forms of the bank: a question is written as one would write it on paper."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from accounts.models import Role
from courses.competencies.models import Competency
from courses.quizzes.kinds import KINDS, Json
from courses.quizzes.lines import read_parts, write_parts
from courses.quizzes.models import Question

MOST_WRITTEN = 4000


class QuestionForm(WagtailAdminModelForm):
    """A question with its answers a line each; the model says what is wrong with them."""

    parts = forms.CharField(
        label=_("Answers"),
        max_length=MOST_WRITTEN,
        required=False,  # an empty one is refused in the words of its kind
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("One line each; how to write them stands above."),
    )

    class Meta:
        model = Question
        fields = [
            "kind",
            "stem",
            "parts",
            "explanation",
            "topic",
            "competency",
            "difficulty",
            "is_retired",
        ]
        help_texts = {
            "stem": _("For “Fill in”, write ____ where a blank stands."),
            "explanation": _("Shown with the right answer after handing in."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # as Django's forms take them
        super().__init__(*args, **kwargs)
        if self.instance.parts:
            self.initial["parts"] = write_parts(self.instance.kind, self.instance.parts)
        for name, rows in (("stem", 3), ("explanation", 3)):
            self.fields[name].widget.attrs["rows"] = rows

    def clean_parts(self) -> dict[str, Json]:
        """The parts as their kind wants them, whole or not."""
        kind = self.cleaned_data.get("kind")
        written = str(self.cleaned_data["parts"])
        return read_parts(kind, written) if kind in KINDS else {"written": written}


class CompetencyForm(WagtailAdminModelForm):
    """A competency with the posts that ask for it as boxes."""

    roles = forms.MultipleChoiceField(
        label=_("Posts"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nobody ticked means everybody."),
    )

    class Meta:
        model = Competency
        fields = ["name", "roles"]
