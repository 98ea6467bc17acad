"""The bank in the publishing desk: questions, papers, competencies; nothing that is in use is deleted."""

from random import SystemRandom
from typing import Any

from django.db.models import Model, ProtectedError, QuerySet
from django.forms import Select
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.admin.widgets.button import BaseButton, Button, HeaderButton
from wagtail.permissions import policy_registry

from courses.competencies.models import Competency
from courses.quizzes.draw import draw
from courses.quizzes.forms import CompetencyForm, QuestionForm
from courses.quizzes.marking import right_answer
from courses.quizzes.models import Paper, PaperRule, Question


def plugged(hook: str, *about: object) -> list[BaseButton]:
    """The buttons that higher rooms add to ours."""
    return [button for add in hooks.get_hooks(hook) for button in add(*about)]


class DeleteUnused(generic.DeleteView):
    """Deletes what nothing uses, and says why not otherwise."""

    def why_kept(self) -> str | None:
        """What uses it, in words; None if nothing does."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:  # Wagtail's
        """Delete, or say why not."""
        refusal = self.why_kept()
        try:
            if refusal is None:
                answer: HttpResponse = super().form_valid(form)
                return answer
        except ProtectedError:  # chosen in this very moment
            refusal = self.why_kept()
        messages.error(self.request, refusal or _("It is in use, so it cannot be deleted."))
        return HttpResponseRedirect(self.get_success_url())


class QuestionIndex(generic.IndexView):
    """The bank."""

    def get_base_queryset(self) -> "QuerySet[Question]":
        """With what the columns show, read along."""
        questions: QuerySet[Question] = super().get_base_queryset().select_related("topic", "competency")
        return questions

    @cached_property
    def header_buttons(self) -> list[BaseButton]:
        """Add one, bring in many, and what higher rooms know of the bank."""
        buttons = list(super().header_buttons)
        if self.request.user.has_perm("quizzes.add_question"):
            address = reverse("question_imports:upload")
            buttons.append(HeaderButton(_("Bring in a sheet"), url=address, icon_name="upload"))
        return [*buttons, *plugged("register_bank_buttons")]


class DeleteQuestion(DeleteUnused):
    """Nobody's: attempts and their figures name a question by its number."""

    def why_kept(self) -> str | None:
        """Always the same."""
        return _("Questions are not deleted, because attempts may name them. Tick “retired” instead.")


class QuestionViewSet(ModelViewSet):
    """Questions in the menu."""

    model = Question
    icon = "help"
    menu_label = gettext_lazy("Questions")
    name = "questions"
    ordering = ["-pk"]
    list_display = [
        "__str__",
        Column("get_kind_display", label=gettext_lazy("Kind"), sort_key="kind"),
        Column("topic", label=gettext_lazy("Topic")),
        Column("competency", label=gettext_lazy("Competency")),
        Column("get_difficulty_display", label=gettext_lazy("Difficulty"), sort_key="difficulty"),
        Column(
            "is_retired",
            label=gettext_lazy("Retired"),
            accessor=lambda question: _("Retired") if question.is_retired else "",
        ),
    ]
    list_filter = ["kind", "topic", "competency", "difficulty", "is_retired"]
    search_fields = ["stem", "explanation"]
    index_view_class = QuestionIndex
    delete_view_class = DeleteQuestion
    create_template_name = "quizzes/admin/question.html"
    edit_template_name = "quizzes/admin/question.html"

    def get_form_class(self, for_update: bool = False) -> type[QuestionForm]:
        """One form for both."""
        return QuestionForm


class PaperIndex(generic.IndexView):
    """The papers, each with a draw to look at."""

    def get_base_queryset(self) -> "QuerySet[Paper]":
        """With the rules, which the size needs."""
        papers: QuerySet[Paper] = super().get_base_queryset().prefetch_related("rules")
        return papers

    def get_list_more_buttons(self, instance: Paper) -> list[Button]:
        """One more: what a draw looks like."""
        look = Button(_("See a draw"), url=reverse("papers:preview", args=[instance.pk]), icon_name="view")
        return [*super().get_list_more_buttons(instance), look, *plugged("register_paper_buttons", instance)]


class AddPaper(generic.CreateView):
    """A new paper; what it draws can be looked at once it is saved."""

    def get_success_buttons(self) -> list[Any]:
        """Lead on to a draw."""
        return [*super().get_success_buttons(), _button_to_a_draw(self.object)]


class EditPaper(generic.EditView):
    """The same for a paper that is changed."""

    def get_success_buttons(self) -> list[Any]:
        """Lead on to a draw."""
        return [*super().get_success_buttons(), _button_to_a_draw(self.object)]


def _button_to_a_draw(paper: Paper) -> Any:  # Wagtail's
    return messages.button(reverse("papers:preview", args=[paper.pk]), _("See a draw"))


class DeletePaper(DeleteUnused):
    """Deletes a paper that no lesson uses, and names the lesson otherwise."""

    def why_kept(self) -> str | None:
        """The lesson."""
        lesson = self.object.lessons.first()
        if lesson is None:
            return None
        told = _("The lesson “%(lesson)s” uses this paper, so it cannot be deleted.")
        return told % {"lesson": lesson.title}


def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """A draw as it could be today, with the right answers; nothing is kept of it."""
    paper = get_object_or_404(Paper, pk=pk)
    if not policy_registry.get_by_type(Paper).user_has_any_permission(request.user, ["add", "change"]):
        return HttpResponse(status=403)
    drawn = draw(paper, random=SystemRandom())
    questions = [(question, right_answer(question).splitlines()) for question in drawn]
    return render(
        request,
        "quizzes/admin/preview.html",
        {"paper": paper, "questions": questions, "missing": paper.size - len(drawn)},
    )


class PaperViewSet(ModelViewSet):
    """Papers in the menu."""

    model = Paper
    icon = "form"
    menu_label = gettext_lazy("Papers")
    name = "papers"
    copy_view_enabled = False
    list_display = [
        "title",
        Column("size", label=gettext_lazy("Questions")),
        Column("pass_percent", label=gettext_lazy("Percent to pass")),
        Column("minutes", label=gettext_lazy("Limit in minutes")),
    ]
    search_fields = ["title"]
    index_view_class = PaperIndex
    add_view_class = AddPaper
    edit_view_class = EditPaper
    delete_view_class = DeletePaper
    panels = [
        FieldPanel("title"),
        FieldRowPanel([FieldPanel("pass_percent"), FieldPanel("minutes")]),
        FieldPanel("is_shuffled"),
        InlinePanel(
            "rules",
            heading=gettext_lazy("What is drawn"),
            label=gettext_lazy("Rule"),
            help_text=gettext_lazy("How many questions of which sort; what is left empty may be any."),
            min_num=1,
            max_num=20,
            panels=[
                FieldPanel("count"),
                FieldRowPanel(
                    [FieldPanel("topic", widget=Select), FieldPanel("competency"), FieldPanel("difficulty")]
                ),
            ],
        ),
    ]

    def get_urlpatterns(self) -> list[URLPattern]:
        """And a draw to look at."""
        return [*super().get_urlpatterns(), path("preview/<int:pk>/", preview, name="preview")]


class DeleteCompetency(DeleteUnused):
    """Deletes a competency that no question and no paper asks about."""

    def why_kept(self) -> str | None:
        """A question or a paper."""
        question = self.object.questions.first()
        rule = PaperRule.objects.filter(competency=self.object.pk).select_related("paper").first()
        user: Model | None = question or (rule.paper if rule else None)
        if user is None:
            return None
        return _("“%(user)s” asks about this competency, so it cannot be deleted.") % {"user": user}


class CompetencyViewSet(ModelViewSet):
    """Competencies in the menu."""

    model = Competency
    icon = "group"
    menu_label = gettext_lazy("Competencies")
    name = "competencies"
    copy_view_enabled = False
    list_display = ["name"]
    search_fields = ["name"]
    delete_view_class = DeleteCompetency

    def get_form_class(self, for_update: bool = False) -> type[CompetencyForm]:
        """One form for both."""
        return CompetencyForm


class QuizGroup(ModelViewSetGroup):
    """What quizzes are made of, under one entry of the menu."""

    menu_label = gettext_lazy("Questions and papers")
    menu_icon = "help"
    menu_order = 360
    items = (QuestionViewSet(), PaperViewSet(), CompetencyViewSet())


bank = QuizGroup()
