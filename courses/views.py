"""Views of the publishing desk that differ from Wagtail's."""

from wagtail.admin.views.account import AccountView, BaseSettingsPanel, NameEmailSettingsPanel


class DeskSettings(AccountView):
    """What a publisher sets at the desk; the name is not among it, as the roster keeps that."""

    def get_panels(self) -> list[BaseSettingsPanel]:
        """Wagtail's panels without the one for names."""
        return [panel for panel in super().get_panels() if not isinstance(panel, NameEmailSettingsPanel)]
