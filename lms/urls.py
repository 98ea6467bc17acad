"""Every address of the site."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from django.views.i18n import set_language
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.views import serve

from courses.films.views import picture
from courses.models import CATALOGUE_SLUG
from courses.views import DeskSettings
from lms import views
from lms.uploads import uploads

CATALOGUE = f"{CATALOGUE_SLUG}/"

to_sign_in = login_not_required(RedirectView.as_view(pattern_name="account_login", query_string=True))

urlpatterns = [
    path("", views.front, name="home"),
    path("me/", views.me, name="me"),
    path("me/record/", views.record, name="record"),
    path("phone/", views.phone, name="phone"),
    path("sw.js", views.service_worker, name="service_worker"),
    path("privacy/", views.privacy, name="privacy"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("elder/", views.switch_elder, name="elder"),
    path("uploads/", uploads, name="uploads"),
    path("study/", include("lms.study.urls")),
    path("roll/", include("lms.training.urls")),
    path("classes/", include("lms.training.classes.my_urls")),
    path("station/", include("lms.training.viewings.station_urls")),
    path("films/", include("courses.films.urls")),
    path("documents/", include("courses.documents.urls")),
    path("certificates/", include("lms.certificates.urls")),
    path("feedback/", include("lms.feedback.urls")),
    path("jobs/", include("lms.jobs.urls")),
    path("", include("lms.training.claims.urls")),
    path("desk/people/", include("accounts.urls")),
    path("desk/elections/", include("accounts.elections.urls")),
    path("desk/mergers/", include("accounts.mergers.urls")),
    path("desk/ledger/", include("lms.hours.urls")),
    path("desk/classes/", include("lms.training.classes.urls")),
    path("desk/plans/", include("lms.desk.planning.urls")),
    path("desk/stations/", include("lms.training.viewings.urls")),
    path("desk/rules/", include("lms.obligations.urls")),
    path("desk/", include("lms.desk.urls")),
    path("account/", include("accounts.signin.urls")),
    # Wagtail's own doors lead to ours.
    *[path(f"{door}/login/", to_sign_in) for door in ("cms", "_util")],
    path("cms/account/", require_admin_access(DeskSettings.as_view())),
    path("cms/", include(wagtailadmin_urls)),
    path("media/<path:name>", picture, name="picture"),
    # The one page of the tree that others name; its editor shows no field to change this address.
    path(CATALOGUE, login_not_required(serve), {"path": CATALOGUE}, name="catalogue"),
    # Wagtail answers for every page to everybody; a lesson itself asks for sign-in.
    re_path(wagtail_urls.serve_pattern, login_not_required(serve)),
    path("", include(wagtail_urls)),
]
