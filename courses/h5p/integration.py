"""What the frame's scripts are told of a content, as JSON in its page."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from courses.h5p.addresses import activity_id
from courses.h5p.bundles import LIBRARIES, library_id
from courses.h5p.declarations import is_full_screen
from courses.h5p.models import Content, LibraryPatch
from courses.h5p.wording import core_words


def integration(
    content: Content, patches: Sequence[LibraryPatch], *, frame: str, loads: Sequence[str]
) -> dict[str, Any]:
    """The content and its libraries; none where one is missing. `frame` is the page's own address."""
    main: Any = next((patch for patch in patches if patch.library_id == content.main_id), None)
    return {
        "content": content.pk,
        "library": str(content.main),
        "machine": content.main.machine_name if content.main else "",
        "is_whole": main is not None,
        "is_film_elsewhere": content.is_film_elsewhere,
        "activity": activity_id(content.pk),
        "site": settings.SITE_URL,
        "files": f"{frame}files",
        "loads": loads,
        "title": content.title,
        "metadata": {"title": content.title, **content.metadata},
        "params": content.params,
        "full_screen": main is not None and is_full_screen(main.metadata),
        "libraries": f"{settings.CONTENT_ORIGIN}{LIBRARIES}",
        "folders": {patch.library.directory: library_id(patch) for patch in patches},
        "words": core_words(),
    }
