"""The widget with which a content is chosen, in forms and in texts alike."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets.chooser import BaseChooser

from courses.h5p.models import Content

ICON = "pick"
CHOOSER = "content_chooser"
CHOOSE, ANOTHER, EDIT = (
    _("Choose interactive content"),
    _("Choose other interactive content"),
    _("Edit this content"),
)


class ContentChooser(BaseChooser):
    """Opens the chooser of interactive content."""

    model = Content
    icon = ICON
    choose_one_text = CHOOSE
    choose_another_text = ANOTHER
    link_to_chosen_text = EDIT
    chooser_modal_url_name = f"{CHOOSER}:choose"
