"""App configuration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The `accounts` room."""

    name = "accounts"
    label = "accounts"

    def ready(self) -> None:
        """Close Wagtail's own administration of users before anything asks who may use it."""
        from accounts.models import Cadre
        from accounts.publishing import close

        close(Cadre)
