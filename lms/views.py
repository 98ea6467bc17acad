"""The learner's own pages, which gather from every room, and the switches of the whole site."""

from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe
from wagtail.views import serve

from accounts.access import PersonRequest
from accounts.addresses import whole_number
from lms.certificates.models import Certificate
from lms.context import ELDER_COOKIE
from lms.hours.models import HoursEntry
from lms.obligations.lines import LATEST_FIRST, lines_of, newest_lines
from lms.obligations.models import Exemption, Obligation
from lms.obligations.standing import Status, status_of
from lms.study.models import Progress
from lms.training.classes.models import Notice, Place

YEAR_SECONDS = 365 * 24 * 3600
LINES_AT_HOME = 5
PAGE_SIZE = 50


@login_not_required
def front(request: HttpRequest) -> HttpResponse:
    """The address of the house: the public front door, or what a signed-in person still needs."""
    if request.user.is_authenticated:
        return home(request)  # type: ignore[arg-type]  # an authenticated request is a PersonRequest
    response: HttpResponse = serve(request, "")
    return response


def home(request: PersonRequest) -> HttpResponse:
    """What do I still need? Then where I stopped, my next class, my newest proof, and what is settled."""
    person, today = request.user, timezone.localdate()
    running = Obligation.objects.of(person.pk).running(today)
    obligations = list(running.select_related("requirement__unit", "term", "post__unit"))
    lines = newest_lines(obligations, LINES_AT_HOME)
    needed: list[tuple[Obligation, list[HoursEntry]]] = []
    settled: list[tuple[Obligation, list[HoursEntry]]] = []
    for obligation in obligations:
        is_open = status_of(obligation, today) in {Status.SHORT, Status.OVERDUE}
        (needed if is_open else settled).append((obligation, lines[obligation.pk]))
    return render(
        request,
        "home.html",
        {
            "needed": needed,
            "settled": settled,
            "today": today,
            "now": timezone.now(),
            "begun": Progress.objects.of(person.pk)
            .unfinished()
            .open(today)
            .select_related("version__lesson")
            .first(),
            "next_place": Place.objects.of(person.pk)
            .accepted()
            .ahead(today)
            .select_related("training_class")
            .first(),
            "class_notices": Notice.objects.of(person.pk).unseen().select_related("training_class")[:3],
            "certificate": Certificate.objects.filter(person=person).first(),
        },
    )


def me(request: PersonRequest) -> HttpResponse:
    """My record, my certificates, who helps me, my settings."""
    person, today = request.user, timezone.localdate()
    return render(
        request,
        "me.html",
        {
            "posts": person.posts.select_related("unit"),
            "years": HoursEntry.objects.of(person.pk).by_year(),
            "certificates": Certificate.objects.filter(person=person)[:3],
            "exemption": Exemption.objects.of(person.pk).running(today).select_related("helper").first(),
            "today": today,
        },
    )


def record(request: PersonRequest) -> HttpResponse:
    """My training record: every line, across villages and years, or those behind one figure."""
    entries = HoursEntry.objects.of(request.user.pk)
    asked = None
    if (wanted := whole_number(request.GET.get("obligation"))) is not None:
        mine = Obligation.objects.of(request.user.pk).select_related("requirement__unit")
        asked = get_object_or_404(mine, pk=wanted)
        entries = lines_of(asked)
    if (year := whole_number(request.GET.get("year"))) is not None:
        entries = entries.in_year(year)
    lines = entries.with_waiting().select_related("rule", "unit", "by").order_by(*LATEST_FIRST)
    page = Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "record.html", {"page": page, "asked": asked, "year": year})


@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about a person, why, and who sees it."""
    return render(request, "privacy.html")


@login_not_required
def phone(request: HttpRequest) -> HttpResponse:
    """What is kept on this phone; the page itself is the same for everybody and opens without a network."""
    return render(request, "phone.html")


@login_not_required
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker's script, at the top of the site because it looks after all of it."""
    script = Path(finders.find("js/sw.bundle.js") or "").read_bytes()
    answer = HttpResponse(script, content_type="text/javascript")
    answer["Cache-Control"] = "no-cache"
    return answer


@login_not_required
@require_POST
def switch_elder(request: HttpRequest) -> HttpResponse:
    """Turn the elder version on or off, and return to the page the switch was on."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    response = HttpResponseRedirect(target)
    if request.COOKIES.get(ELDER_COOKIE) == "1":
        response.delete_cookie(ELDER_COOKIE)
    else:
        response.set_cookie(ELDER_COOKIE, "1", max_age=YEAR_SECONDS, samesite="Lax")
    return response
