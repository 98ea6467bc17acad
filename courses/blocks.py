"""The blocks that a lesson's text is made of."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

from courses.h5p.blocks import H5PBlock


class LessonBody(blocks.StreamBlock):
    """Headings, paragraphs, lists, pictures and interactive contents: what reads well on a small phone."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=80)
    paragraph = blocks.RichTextBlock(label=_("Paragraph"), features=["bold", "link"])
    points = blocks.ListBlock(blocks.CharBlock(max_length=300), label=_("Points"))
    # Asks for words that stand for the picture, or for the word that it is decoration.
    image = ImageBlock(label=_("Picture"))
    h5p = H5PBlock(label=_("Interactive content"))
