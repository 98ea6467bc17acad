"""What files contents and libraries may hold, by their endings."""

from pathlib import PurePosixPath

from courses.packages.shelf import ending_of

PICTURES = {"png", "jpg", "jpeg", "gif", "webp", "bmp"}
FONTS = {"woff", "woff2", "ttf", "otf", "eot"}
MEDIA = {"mp4", "webm", "ogv", "mp3", "m4a", "ogg", "oga", "wav"}
DOCUMENTS = {"pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "odp"}
TEXTS = {"txt", "csv", "vtt", "md"}
OF_CONTENTS = {"json"} | PICTURES | FONTS | MEDIA | DOCUMENTS | TEXTS
# What a library needs to be played or written with; its readmes, patches and pages are left behind.
OF_LIBRARIES = {"js", "css", "json", "svg", "vtt"} | PICTURES | FONTS | MEDIA


def is_hidden(path: str) -> bool:
    """Whether H5P passes over it: files and folders that begin with a dot or an underline."""
    return any(step.startswith((".", "_")) for step in PurePosixPath(path).parts)


def may_be_in_content(path: str) -> bool:
    """Whether a content may hold it: nothing that a browser would run."""
    return ending_of(path) in OF_CONTENTS


def is_kept_of_library(path: str) -> bool:
    """Whether it is stored with its library; the rest is passed over without a word."""
    return not is_hidden(path) and ending_of(path) in OF_LIBRARIES
