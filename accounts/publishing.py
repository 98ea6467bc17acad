"""What the publishing desk leaves alone: people, who come with the township's roster, and documents."""

from django.db.models import Model, QuerySet
from wagtail.models import Collection
from wagtail.permission_policies import BasePermissionPolicy
from wagtail.permissions import register_permission_policy

from accounts.models import Cadre


class NobodyThere(BasePermissionPolicy):
    """Nobody makes, edits, deletes or chooses these in the publishing desk, not even an administrator."""

    def user_has_permission(self, user: object, action: str) -> bool:
        """Never."""
        return False

    def user_has_any_permission(self, user: object, actions: object) -> bool:
        """Never."""
        return False

    def instances_user_has_any_permission_for(self, user: object, actions: object) -> QuerySet[Model]:
        """Nothing."""
        nothing: QuerySet[Model] = self.model._default_manager.none()
        return nothing

    def collections_user_has_permission_for(self, user: object, action: str) -> QuerySet[Collection]:
        """Nowhere."""
        nowhere: QuerySet[Collection] = Collection.objects.none()
        return nowhere

    def users_with_any_permission(self, actions: object) -> QuerySet[Cadre]:
        """Nobody."""
        nobody: QuerySet[Cadre] = Cadre.objects.none()
        return nobody


def close(kind: type[Model]) -> None:
    """Hides the menu entry of a kind of things and answers its addresses with a refusal."""
    register_permission_policy(kind, NobodyThere(kind), exact_class=True)
