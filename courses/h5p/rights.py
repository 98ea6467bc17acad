"""Who may install, set back and remove libraries: administrators, and whoever is given that one right."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from wagtail.permission_policies import BasePermissionPolicy

from accounts.models import Cadre
from courses.h5p.models import Library

INSTALL = "install_library"
VIEW = "view_library"


class LibraryPolicy(BasePermissionPolicy):
    """One right for everything that changes libraries, another to look at them."""

    def user_has_permission(self, user: Any, action: str) -> bool:  # Wagtail's: also somebody not signed in
        """Whether somebody may do it to any library."""
        return bool(user.has_perm(f"h5p.{_right(action)}"))

    def users_with_any_permission(self, actions: Iterable[str]) -> "QuerySet[Cadre]":
        """Who may do one of these."""
        rights = Permission.objects.filter(
            content_type__app_label="h5p", codename__in={_right(action) for action in actions}
        )
        holds = Q(is_superuser=True) | Q(user_permissions__in=rights) | Q(groups__permissions__in=rights)
        people: QuerySet[Cadre] = Cadre.objects.filter(holds, is_active=True).distinct()
        return people


def _right(action: str) -> str:
    return VIEW if action == "view" else INSTALL


policy = LibraryPolicy(Library)


def may_install(person: Any) -> bool:  # Wagtail's: also somebody not signed in
    """Whether somebody may install, set back and remove libraries."""
    return policy.user_has_permission(person, "change")
