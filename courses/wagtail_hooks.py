"""What the publishing desk of Wagtail does differently here."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.models import Page
from wagtailmedia.views.media import delete as delete_media

from courses.films.actions import forget_files
from courses.films.models import Film
from courses.models import LessonPage, LessonVersion
from courses.next_steps import NextSteps, offer_a_lesson

# What a trainer has no use for; administrators keep everything.
UNUSED_MENUS = {"reports", "help"}
# Wagtail's own words for these mean nothing to people who make courses.
MENU_WORDS = {
    "explorer": gettext_lazy("Courses and lessons"),
    "media": gettext_lazy("Films and recordings"),
    "snippets": gettext_lazy("Topics"),
}


@hooks.register("construct_main_menu")
def keep_the_menu_short(request: HttpRequest, items: list[MenuItem]) -> None:
    """Leave pages, pictures, films and topics to trainers and reviewers, in their own words."""
    if not request.user.is_superuser:
        items[:] = [item for item in items if item.name not in UNUSED_MENUS]
    for item in items:
        item.label = MENU_WORDS.get(item.name, item.label)


@hooks.register("construct_homepage_panels")
def say_what_comes_next(request: HttpRequest, panels: list[Component]) -> None:
    """Put the next steps before what Wagtail lists."""
    panels.append(NextSteps())


hooks.register("after_create_page", offer_a_lesson)
hooks.register("after_edit_page", offer_a_lesson)


@hooks.register("before_delete_page")
def keep_what_was_learned(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to delete a page when it or a page below it was ever published as a lesson."""
    refusal = _why_kept([page])
    if refusal is None:
        return None
    messages.error(request, refusal, buttons=[_button_to_unpublish(page)] if page.live else None)
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("before_bulk_action")
def keep_what_was_learned_together(
    request: HttpRequest, action: str, objects: Iterable[object], _view: object
) -> HttpResponse | None:
    """The same for many pages at once; and publish nothing together that is unfinished."""
    pages = [page for page in objects if isinstance(page, Page)]
    refusal = None
    if action == "delete":
        refusal = _why_kept(pages)
    elif action == "publish":
        refusal = _why_unfinished(pages)
    if refusal is None:
        return None
    messages.error(request, refusal)
    return redirect("wagtailadmin_explore", pages[0].get_parent().pk)


def _why_kept(pages: Iterable[Page]) -> str | None:
    for page in pages:
        version = LessonVersion.objects.under(page.path).select_related("lesson").first()
        if version is None:
            continue
        names = {"page": page.title, "lesson": version.lesson.title}
        if version.lesson_id == page.pk:
            return _(
                "“%(page)s” has been published, and people's records name it. "
                "It cannot be deleted; unpublish it and nobody can open it any more."
            ) % {"page": page.title}
        return (
            _(
                "“%(page)s” holds the lesson “%(lesson)s”, which has been published, "
                "and people's records name it. It cannot be deleted; unpublish it together with its lessons."
            )
            % names
        )
    return None


def _why_unfinished(pages: Iterable[Page]) -> str | None:
    for page in pages:
        draft = page.get_latest_revision_as_object()
        if not isinstance(draft, LessonPage):
            continue
        try:
            draft.check_whole()
        except ValidationError as error:
            return _("“%(page)s” is not finished: %(why)s") % {
                "page": draft.title,
                "why": " ".join(error.messages),
            }
    return None


def _button_to_unpublish(page: Page) -> "messages.Button":
    return messages.button(reverse("wagtailadmin_pages:unpublish", args=[page.pk]), _("Unpublish"))


@hooks.register("register_admin_urls", order=-1)
def answer_before_the_library() -> list[URLPattern]:
    """Deleting a film goes through `delete_film`; the library alone would fail on one that is in use."""
    return [path("media/delete/<int:media_id>/", delete_film)]


def delete_film(request: HttpRequest, media_id: int) -> HttpResponse:
    """Delete a film that no lesson uses; name the lesson otherwise."""
    film = get_object_or_404(Film, pk=media_id)
    lesson = film.lessons.first()
    try:
        if lesson is None:
            answer: HttpResponse = delete_media(request, media_id)
            if not Film.objects.filter(pk=media_id).exists():
                forget_files(film_id=media_id)
            return answer
    except ProtectedError as error:  # chosen for a lesson in this very moment
        lesson = next(iter(error.protected_objects))
    messages.error(
        request,
        _("The lesson “%(lesson)s” uses this file, so it cannot be deleted.") % {"lesson": lesson},
    )
    return redirect("wagtailmedia:edit", media_id)
