"""App configuration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The `accounts` room."""

    name = "accounts"
    label = "accounts"

    def ready(self) -> None:
        """Close Wagtail's own administration of users before anything asks who may use it."""
        from accounts.publishing import close_user_admin

        close_user_admin()
