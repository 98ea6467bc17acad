"""The publishing desk has no accounts of its own: people come with the township's roster."""

from django.db.models import QuerySet
from wagtail.permission_policies import BasePermissionPolicy
from wagtail.permissions import register_permission_policy

from accounts.models import Cadre


class NobodyThere(BasePermissionPolicy):
    """Nobody makes, edits or deletes people in the publishing desk, not even an administrator."""

    def user_has_permission(self, user: object, action: str) -> bool:
        """Never."""
        return False

    def user_has_any_permission(self, user: object, actions: object) -> bool:
        """Never."""
        return False

    def users_with_any_permission(self, actions: object) -> QuerySet[Cadre]:
        """Nobody."""
        nobody: QuerySet[Cadre] = Cadre.objects.none()
        return nobody


def close_user_admin() -> None:
    """Hides the menu entry and answers its addresses with a refusal."""
    register_permission_policy(Cadre, NobodyThere(Cadre), exact_class=True)
