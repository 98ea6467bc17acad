"""The three versions in which every page is looked at."""

from dataclasses import dataclass, field

from tests.browser.chromium import DESKTOP, PHONE


@dataclass(frozen=True)
class Version:
    """A size of the screen, and whether the elder version is switched on."""

    name: str
    size: dict[str, int] = field(hash=False)
    is_elder: bool = False

    @property
    def width(self) -> int:
        """The screen's, in pixels."""
        return self.size["width"]


VERSIONS = (Version("phone", PHONE), Version("desktop", DESKTOP), Version("elder", PHONE, is_elder=True))
