"""The short name of a requirement that a region sets for itself, made from its name in any script."""

import unicodedata
from hashlib import sha256

from django.utils.text import slugify

from accounts.models import Unit

LONGEST = 40
DIGEST = 8


def own_slug(unit: Unit, name: str) -> str:
    """The same for the same name in one region, so that a form sent twice asks one thing.

    Of a Chinese name only its digest remains, which tells it from every other.
    """
    plain = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    digest = sha256(plain.encode()).hexdigest()[:DIGEST]
    start = f"own-{unit.prefix}-"
    words = slugify(plain)[: LONGEST - len(start) - DIGEST - 1].strip("-_")
    return f"{start}{words}-{digest}" if words else f"{start}{digest}"
