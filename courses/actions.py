"""Writes: versions of lessons, and what the publishing desk stands on."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.translation import gettext, override
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)
from wagtail.search import index

from accounts.actions.staff import PUBLISHING_GROUPS
from accounts.models import StaffRole
from courses.models import CATALOGUE_SLUG, CataloguePage, HomePage, LessonKind, LessonPage, LessonVersion

TRAINERS, REVIEWERS = PUBLISHING_GROUPS[StaffRole.TRAINER], PUBLISHING_GROUPS[StaffRole.REVIEWER]
# Trainers write and hand in; reviewers put before the learners, and withdraw.
PAGE_RIGHTS = {
    TRAINERS: ("add_page", "change_page"),
    REVIEWERS: ("add_page", "change_page", "publish_page", "lock_page", "unlock_page"),
}
LIBRARY_RIGHTS = {
    TRAINERS: ("add_media", "change_media", "add_image", "change_image", "choose_image"),
    REVIEWERS: ("add_media", "change_media", "add_image", "change_image", "choose_image"),
}
BANK = ("add_question", "change_question", "add_paper", "change_paper")
DOCUMENTS = ("add_document", "change_document", "view_document")
# Whoever brings a content may look at the libraries; installing them is nobody's but an administrator's.
PACKAGES = (
    *("add_content", "change_content", "view_content", "view_library"),
    *("add_courseware", "change_courseware", "view_courseware"),
)
OTHER_RIGHTS = {
    TRAINERS: ("access_admin", *DOCUMENTS, *PACKAGES, *BANK),
    REVIEWERS: (
        *("access_admin", *DOCUMENTS, *PACKAGES, *BANK),
        *("add_topic", "change_topic", "view_topic"),
        *("add_competency", "change_competency", "delete_competency", "delete_paper"),
    ),
}


@transaction.atomic
def publish_version(*, lesson: LessonPage, at: datetime) -> LessonVersion:
    """Keep what was published as a new version, or answer with the present one when nothing to study changed.

    Raises ValidationError while there is nothing to study in the lesson.
    """
    lesson.check_whole()
    Page.objects.select_for_update(no_key=True).get(pk=lesson.pk)
    current = lesson.current_version()
    if current is not None and current.digest == lesson.fingerprint:
        return current
    return LessonVersion.objects.create(
        lesson=lesson,
        number=1 if current is None else current.number + 1,
        kind=lesson.kind,
        title=lesson.title,
        seconds=lesson.study_seconds,
        percent=lesson.open_percent,
        rule=lesson.completion_rule,
        h5p=lesson.h5p if lesson.kind == LessonKind.H5P else None,
        scorm=lesson.scorm if lesson.kind == LessonKind.SCORM else None,
        digest=lesson.fingerprint,
        published_at=at,
    )


def reindex_course(*, lesson: LessonPage) -> None:
    """Let the search find a course by the titles of its lessons as they are now."""
    course = lesson.get_parent(update=True)
    if course is not None:
        index.insert_or_update_object(course.specific)


@transaction.atomic
def install_site(*, at: datetime) -> CataloguePage:
    """Make the home page, the catalogue and the default site beneath it, once."""
    existing: CataloguePage | None = CataloguePage.objects.order_by("path").first()
    if existing is not None:
        return existing
    root = Page.objects.get(depth=1)
    default = Site.objects.filter(is_default_site=True).first()
    welcome = default.root_page if default else None
    with override(settings.LANGUAGE_CODE):
        _name_the_roots()
        home = root.add_child(instance=_page(HomePage, gettext("Xiangxue"), "xiangxue", at))
        catalogue: CataloguePage = home.add_child(
            instance=_page(CataloguePage, gettext("Courses"), CATALOGUE_SLUG, at)
        )
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"root_page": home, "site_name": settings.WAGTAIL_SITE_NAME}
        | ({} if default else {"hostname": "localhost"}),
    )
    # The page with which Wagtail greets its installer is nothing for learners.
    if welcome is not None and not welcome.is_root() and welcome.specific_class is Page and welcome.is_leaf():
        Page.objects.get(pk=welcome.pk).delete()
    return catalogue


def _name_the_roots() -> None:
    """The tops of the two trees, which Wagtail made before it knew a language, in the site's words."""
    pages, files = gettext("All pages"), gettext("All files")
    Page.objects.filter(depth=1).update(title=pages, draft_title=pages)
    Collection.objects.filter(depth=1).update(name=files)


def _page(kind: type[Page], title: str, slug: str, at: datetime) -> Page:
    return kind(title=title, slug=slug, first_published_at=at, last_published_at=at)


@transaction.atomic
def install_groups() -> None:
    """Make the groups of the publishing desk with their rights, and the review before publishing, once."""
    for name in (TRAINERS, REVIEWERS):
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*_permissions(OTHER_RIGHTS[name]))
        for right in _permissions(PAGE_RIGHTS[name]):
            GroupPagePermission.objects.get_or_create(
                group=group, page=Page.objects.get(depth=1), permission=right
            )
        for right in _permissions(LIBRARY_RIGHTS[name]):
            GroupCollectionPermission.objects.get_or_create(
                group=group, collection=Collection.get_first_root_node(), permission=right
            )
    _install_review(Group.objects.get(name=REVIEWERS))


def _permissions(codenames: tuple[str, ...]) -> list[Permission]:
    ours = {
        *("wagtailcore", "wagtailadmin", "wagtailmedia", "wagtailimages"),
        *("courses", "documents", "h5p", "scorm", "quizzes", "competencies"),
    }
    return list(
        Permission.objects.filter(codename__in=codenames, content_type__app_label__in=ours).order_by("pk")
    )


def _install_review(reviewers: Group) -> None:
    home = HomePage.objects.order_by("path").first()
    if home is None or WorkflowPage.objects.filter(page=home).exists():
        return
    with override(settings.LANGUAGE_CODE):
        task = GroupApprovalTask.objects.create(name=gettext("Check by a reviewer"))
        workflow = Workflow.objects.create(name=gettext("Review before publishing"))
    task.groups.add(reviewers)
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowPage.objects.create(page=home, workflow=workflow)
