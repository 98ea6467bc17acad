"""What the library's edit page shows and asks beside its form: the rungs of a film, and its subtitles.

Who may change a film in the library may do all of this.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied

from courses.films.actions import keep_captions, run_again
from courses.films.forms import CaptionForm
from courses.films.models import Caption, Film, Rendition

P = ParamSpec("P")


def of_a_film(
    view: Callable[Concatenate[HttpRequest, Film, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, int, P], HttpResponse]:
    """Gives a view the film that the person at the publishing desk may change; refuses otherwise."""

    @wraps(view)
    def guarded(request: HttpRequest, film_id: int, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        film = get_object_or_404(Film, pk=film_id)
        if not film.is_editable_by_user(request.user):
            refusal: HttpResponse = permission_denied(request)
            return refusal
        return view(request, film, *args, **kwargs)

    return guarded  # type: ignore[return-value]  # positional here, by name in the address


@require_safe
@never_cache
@of_a_film
def rungs(request: HttpRequest, film: Film) -> HttpResponse:
    """The table of rungs alone, which the page fetches again while something is being made."""
    return render(request, "wagtailmedia/media/_rungs.html", {"media": film})


@require_POST
@of_a_film
def again(request: HttpRequest, film: Film, rendition_id: int) -> HttpResponse:
    """Run a rung again that failed."""
    row = get_object_or_404(Rendition, pk=rendition_id, film=film)
    if run_again(rendition=row, at=timezone.now()):
        messages.success(request, _("“%(rung)s” is being made again.") % {"rung": row.get_rung_display()})
    return redirect("wagtailmedia:edit", film.pk)


@require_POST
@of_a_film
def add_captions(request: HttpRequest, film: Film) -> HttpResponse:
    """Add subtitles in a language, or replace them."""
    form = CaptionForm(request.POST, request.FILES, film=film)
    if form.is_valid():
        caption = keep_captions(
            film=film, language=form.cleaned_data["language"], subtitles=form.cleaned_data["file"]
        )
        messages.success(
            request,
            _("Subtitles kept: %(language)s, %(cues)s lines.")
            % {"language": caption.label, "cues": caption.cues},
        )
    else:
        for error in [error for errors in form.errors.values() for error in errors]:
            messages.error(request, error)
    return redirect("wagtailmedia:edit", film.pk)


@require_POST
@of_a_film
def remove_captions(request: HttpRequest, film: Film, caption_id: int) -> HttpResponse:
    """Take subtitles away."""
    caption = get_object_or_404(Caption, pk=caption_id, film=film)
    caption.delete()
    messages.success(request, _("Subtitles removed: %(language)s.") % {"language": caption.label})
    return redirect("wagtailmedia:edit", film.pk)
