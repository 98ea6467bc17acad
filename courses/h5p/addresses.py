"""Where a content plays on the content origin, and the address by which statements name it."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

from courses.signing import expiry, sign

# What the signatures of contents are made for.
PURPOSE = b"h5p.address"


def frame_address(*, content_id: int, person_id: int, now: float) -> str:
    """Where a person plays a content, in the language of now; seconds since 1970."""
    signature = sign(purpose=PURPOSE, thing_id=content_id, person_id=person_id, expires=expiry(now))
    path = reverse("h5p_content:frame", args=[signature, content_id], urlconf=settings.CONTENT_URLCONF)
    return f"{settings.CONTENT_ORIGIN}{path}?language={get_language() or settings.LANGUAGE_CODE}"


def activity_id(content_id: int) -> str:
    """The address by which statements name a content; nothing is answered there."""
    return f"{settings.SITE_URL.rstrip('/')}/h5p/{content_id}"
