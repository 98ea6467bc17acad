"""Forms: a claim with its evidence, the decision, and a sheet of claims."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.access import MANAGERS
from accounts.forms import day_input
from accounts.models import Cadre
from lms.hours.figures import plain
from lms.hours.models import Ledger
from lms.training.claims.evidence import MOST_FILES, Proof, Refused, read_proof
from lms.training.claims.limits import ClaimFacts, Problem, problems_of
from lms.training.claims.models import Claim
from lms.training.people import People, Unclear

FIELDS = {"hours": "hours_asked", "days": "days_asked"}
ACCEPTED = "image/jpeg,image/png,application/pdf"


class FilesInput(forms.FileInput):
    """One or more files of the same name, whether chosen at once or one by one."""

    allow_multiple_selected = True

    def value_from_datadict(
        self, data: Any, files: Any, name: str
    ) -> list[UploadedFile[bytes]]:  # as Django sends them
        """All of them."""
        found: list[UploadedFile[bytes]] = files.getlist(name)
        return found


class EvidenceField(forms.FileField):
    """Files of evidence, each judged by its content; the same file twice is one."""

    widget = FilesInput(attrs={"accept": ACCEPTED, "multiple": True})

    def clean(self, data: Sequence[UploadedFile[bytes]], initial: Any = None) -> list[Proof]:
        """What would be kept; every file that is refused is named."""
        if not data:
            raise ValidationError(_("Add the evidence: at least one photo or PDF."))
        if len(data) > MOST_FILES:
            raise ValidationError(_("At most %(most)s files, please.") % {"most": MOST_FILES})
        proofs: dict[str, Proof] = {}
        refusals = []
        for file in data:
            try:
                proof = read_proof(file, str(file.name))
            except Refused as refused:
                refusals.append(str(refused))
            else:
                proofs.setdefault(proof.digest, proof)
        if refusals:
            raise ValidationError(refusals)
        return list(proofs.values())


def _evidence() -> EvidenceField:
    return EvidenceField(
        label=_("Evidence"),
        help_text=_(
            "A photo of the certificate or of the attendance list, or a PDF: up to 5 files, 10 MB each."
        ),
    )


class ClaimForm(forms.ModelForm[Claim]):
    """What was learned elsewhere, where and for how long, and what proves it."""

    evidence = _evidence()
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    class Meta:
        model = Claim
        fields = ("title", "organiser", "ledger", "starts_on", "ends_on", "hours_asked", "days_asked")
        widgets = {"starts_on": day_input(), "ends_on": day_input()}
        labels = {"ledger": _("Counts as"), "days_asked": _("Number of days")}
        help_texts = {
            "title": _("The course, class or meeting, as it stands on the certificate."),
            "organiser": _("Who held it, such as the county agricultural school."),
            "days_asked": _("Half a day is 0.5; write 0 where it counts in hours only."),
        }

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:  # a form's arguments are Django's
        """Nothing that ends after today can be claimed."""
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["days_asked"].required = False
        for name in ("starts_on", "ends_on"):
            self.fields[name].widget.attrs["max"] = today.isoformat()

    def clean_days_asked(self) -> Decimal:
        """Nothing written means no day."""
        return self.cleaned_data["days_asked"] or Decimal(0)

    def clean(self) -> dict[str, Any]:  # Django's own type
        """What nobody could have earned is said beside its field."""
        values = super().clean() or self.cleaned_data
        if not set(self.Meta.fields) & set(self.errors):
            for problem in problems_of(self.facts(), self.today):
                self.add_problem(problem)
        return values

    def add_problem(self, problem: Problem) -> None:
        """Say what is wrong beside the field to blame."""
        self.add_error(FIELDS.get(problem.field, problem.field), str(problem))

    def facts(self) -> ClaimFacts:
        """The claim as it was written down."""
        told = self.cleaned_data
        return ClaimFacts(
            title=told["title"],
            organiser=told["organiser"],
            ledger=Ledger(told["ledger"]),
            starts_on=told["starts_on"],
            ends_on=told["ends_on"],
            hours=told["hours_asked"],
            days=told["days_asked"],
        )

    def has_lost_files(self) -> bool:
        """Whether files came along that a browser does not keep when the form is shown again."""
        return bool(self.errors and self.files)


class ClaimForForm(ClaimForm):
    """The same for somebody of the own units."""

    who = forms.CharField(
        label=_("Who earned it"), max_length=60, help_text=_("Name, phone or account number.")
    )

    field_order = ("who",)

    def __init__(self, *args: Any, by: Cadre, **kwargs: Any) -> None:  # a form's arguments are Django's
        """People are looked for in the units of `by`."""
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_who(self) -> Cadre:
        """The one person who is meant."""
        word = self.cleaned_data["who"]
        try:
            ours = Cadre.objects.visible_to(self.by, *MANAGERS)
            return People(ours, names=[word], logins=[word]).find_word(word)
        except Unclear as unclear:
            if unclear.code == "many":
                words = _("Several people have this name: write the phone or account number instead.")
            else:
                words = _("Nobody in your units has this name, phone or account number.")
            raise ValidationError(words) from unclear


class ApprovalForm(forms.Form):
    """How much is granted, at most what was asked; less needs a reason."""

    hours = forms.DecimalField(label=_("Hours"), min_value=Decimal(0), max_digits=6, decimal_places=2)
    days = forms.DecimalField(label=_("Number of days"), min_value=Decimal(0), max_digits=4, decimal_places=1)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=300,
        help_text=_("Needed where less is granted than asked. The person reads it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    is_compared = forms.BooleanField(
        label=_("I have compared them: this is something else"),
        error_messages={"required": _("Please compare it with what is alike first.")},
    )

    def __init__(
        self, *args: Any, claim: Claim, is_alike: bool, **kwargs: Any
    ) -> None:  # a form's arguments are Django's
        """Begin with what was asked; ask for a comparison only where there is something to compare."""
        super().__init__(*args, **kwargs)
        self.initial = {"hours": plain(claim.hours_asked), "days": plain(claim.days_asked)}
        for name, most in (("hours", claim.hours_asked), ("days", claim.days_asked)):
            self.fields[name].widget.attrs["max"] = plain(most)
        if not is_alike:
            del self.fields["is_compared"]


class RefusalForm(forms.Form):
    """Why not."""

    reason = forms.CharField(
        label=_("Reason for refusing"),
        max_length=300,
        help_text=_("The person reads it: say what is missing or wrong."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class SheetAgainForm(forms.Form):
    """A corrected sheet for evidence that is here already."""

    file = forms.FileField(
        label=_("Sheet of claims (XLSX or CSV)"),
        help_text=_("Up to 500 rows. Any order of columns; titles and merged cells may stay."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.csv,.txt"}),
    )


class SheetForm(SheetAgainForm):
    """A sheet of claims with the evidence that all of them share."""

    evidence = _evidence()
