"""Forms: the central work of a plan, one item, taking one out, and the county's decision."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.addresses import whole_number
from accounts.forms import day_input
from accounts.models import Role
from courses.models import LessonPage
from lms.hours.figures import plain
from lms.hours.models import Ledger
from lms.hours.rules import LONGEST_DAY
from lms.training.plans.items import Fault, ItemFacts, faults_of
from lms.training.plans.models import ItemKind, Plan, PlanChange, PlanItem

FOUND = 20
# What a form shows of the changes that came in between.
SHOWN = 20
WORDS = {
    Fault.ENDS_FIRST: ("ends_on", _("The last day lies before the first.")),
    Fault.OUTSIDE_YEAR: ("starts_on", _("Both days lie in the year of the plan.")),
    Fault.NEGATIVE_DAYS: ("days", _("Not below zero, please.")),
    Fault.NO_HOURS: ("hours", _("This is more than zero.")),
    Fault.MORE_DAYS: ("days", _("There are fewer days between the first and the last.")),
    Fault.DAYS_OF_NO_CLASS: ("days", _("Only classes count days: write 0 here.")),
}
LEDGER_WORDS = {
    ItemKind.ROTATION: _("A rotation class counts as concentrated training."),
    ItemKind.VIEWING: _("A viewing counts as collective study."),
    ItemKind.ONLINE: _("Online self-study has a ledger of its own."),
}


class SeenForm(forms.Form):
    """What every change names: the version that was looked at and, once approved, the reason."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("It stands in the plan's history with your name."),
    )

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:  # a form's arguments are Django's
        """Begin with the version as it is; what was once approved is changed with a reason."""
        kwargs["initial"] = {"seen": plan.version} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.plan = plan
        self._ask_for_reason()

    def _ask_for_reason(self) -> None:
        if self.plan.was_approved:
            self.fields["reason"].required = True
        else:
            del self.fields["reason"]

    def missed(self) -> list[PlanChange]:
        """The changes after the version that was looked at; from here on the form names the present one."""
        seen = whole_number(self.data.get("seen"))
        if seen is None or seen >= self.plan.version:
            return []
        data = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        data["seen"] = str(self.plan.version)
        self.data = data
        return list(self.plan.changes.since(seen).select_related("by")[:SHOWN])


class FocusForm(SeenForm):
    """The central work of the year."""

    focus = forms.CharField(
        label=_("Central work of the year"),
        max_length=2000,
        required=False,
        help_text=_("What the township has to achieve this year, and what people must learn for it."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class NewPlanForm(forms.Form):
    """The first words of a plan."""

    focus = FocusForm.declared_fields["focus"]


class DropForm(SeenForm):
    """Taking an item out; of what more was made, also a draft gives the reason."""

    def _ask_for_reason(self) -> None:
        self.fields["reason"].required = self.plan.was_approved


class DecisionForm(SeenForm):
    """Approving the version that was looked at, or returning it with a reason."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("Only for giving it back: what is to be changed."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def _ask_for_reason(self) -> None:
        """An approval has none; whether a return has, the decision itself asks."""


class ItemForm(SeenForm):
    """What is to be learned, by whom, when, where, and what it counts as."""

    title = forms.CharField(label=_("Name of the item"), max_length=120)
    purpose = forms.CharField(label=_("Purpose"), max_length=300, required=False)
    kind = forms.ChoiceField(
        label=_("Kind of item"),
        choices=ItemKind.choices,
        help_text=_("A rotation class is held by the party school of the county or the city."),
    )
    ledger = forms.ChoiceField(label=_("Ledger"), choices=Ledger.choices)
    roles = forms.MultipleChoiceField(
        label=_("Posts"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: everybody who holds a post."),
    )
    is_for_party_members = forms.BooleanField(label=_("Party members only"), required=False)
    starts_on = forms.DateField(label=_("First day"), widget=day_input())
    ends_on = forms.DateField(label=_("Last day"), widget=day_input())
    days = forms.DecimalField(
        label=_("Days"),
        max_digits=4,
        decimal_places=1,
        initial=0,
        help_text=_("Half a day is 0.5; write 0 where it counts hours only."),
    )
    hours = forms.DecimalField(label=_("Hours"), max_digits=6, decimal_places=2)
    place = forms.CharField(label=_("Where"), max_length=120, required=False)
    teacher = forms.CharField(label=_("Teacher"), max_length=120, required=False)
    expected = forms.IntegerField(
        label=_("People expected"), min_value=0, max_value=1_000_000, required=False
    )
    lessons = forms.ModelMultipleChoiceField(
        label=_("Online lessons"),
        queryset=LessonPage.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    find = forms.CharField(
        label=_("Find lessons"),
        max_length=60,
        required=False,
        help_text=_("A part of the title; then “Find”, and tick what belongs to it."),
    )

    # Also what a gap on the plan's page may fill in beforehand.
    PREFILLED: ClassVar[tuple[str, ...]] = (
        "purpose", "kind", "ledger", "is_for_party_members", "days", "hours", "expected",
    )  # fmt: skip

    def __init__(self, *args: Any, plan: Plan, item: PlanItem | None = None, **kwargs: Any) -> None:
        """Begin with the item as it is; offer its lessons, those ticked, and those looked for."""
        attached = [lesson.pk for lesson in item.lessons.all()] if item else []
        if item:
            names = [name for name in self.base_fields if hasattr(item, name) and name != "lessons"]
            told = {name: getattr(item, name) for name in names}
            told |= {"days": plain(item.days), "hours": plain(item.hours)}
            kwargs["initial"] = {**told, "lessons": attached} | kwargs.get("initial", {})
        super().__init__(*args, plan=plan, **kwargs)
        field = self.fields["lessons"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = self._offered(attached)

    def _offered(self, attached: Iterable[int]) -> Any:  # a page queryset has no types
        """Whatever was attached or ticked stays; what is looked for comes beside it (one query more)."""
        ticked = self.data.getlist("lessons")[:200] if self.is_bound else []  # type: ignore[attr-defined]  # a QueryDict
        pks = {*attached, *(int(pk) for pk in ticked if pk.isdecimal() and len(pk) < 10)}
        wanted = str(self.data.get("find", "")).strip()[:60] if self.is_bound else ""
        if wanted and "\0" not in wanted:
            found = LessonPage.objects.open().filter(title__icontains=wanted).order_by("title", "pk")
            pks |= set(found.values_list("pk", flat=True)[:FOUND])
        return LessonPage.objects.filter(Q(pk__in=pks)).order_by("title", "pk")

    def clean(self) -> dict[str, Any]:  # any cleaned value
        """An item that can be: in its year, within its days, in the ledger of its kind."""
        values = super().clean() or self.cleaned_data
        if not self.errors:
            facts = self.facts()
            for fault in faults_of(facts, self.plan.year):
                self.add_error(*self._words(fault, facts))
        return values

    @staticmethod
    def _words(fault: Fault, facts: ItemFacts) -> tuple[str, Any]:  # words that are translated later
        if fault == Fault.OTHER_LEDGER:
            return "ledger", LEDGER_WORDS[facts.kind]
        if fault == Fault.MORE_HOURS:
            return "hours", _("That is more than %(most)s hours a day.") % {"most": plain(LONGEST_DAY)}
        return WORDS[fault]

    def facts(self) -> ItemFacts:
        """What the item says."""
        told = self.cleaned_data
        return ItemFacts(
            title=told["title"],
            purpose=told["purpose"],
            kind=ItemKind(told["kind"]),
            roles=tuple(told["roles"]),
            is_for_party_members=told["is_for_party_members"],
            ledger=Ledger(told["ledger"]),
            days=told["days"],
            hours=told["hours"],
            starts_on=told["starts_on"],
            ends_on=told["ends_on"],
            place=told["place"],
            teacher=told["teacher"],
            expected=told["expected"],
            lessons=tuple(told["lessons"]),
        )
