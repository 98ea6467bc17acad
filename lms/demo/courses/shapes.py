"""The shapes that the demo's courses are written in."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Literal

RoleCode = Literal[
    "SECRETARY",
    "DIRECTOR",
    "DEPUTY_SECRETARY",
    "DEPUTY_DIRECTOR",
    "COMMITTEE_MEMBER",
    "RESERVE",
    "FIRST_SECRETARY",
    "GRADUATE",
    "GRID_WORKER",
]
Block = (
    tuple[Literal["heading", "paragraph"], str]
    | tuple[Literal["list"], tuple[str, ...]]
    | tuple[Literal["table"], tuple[tuple[str, ...], ...]]
)

LEADERS: tuple[RoleCode, ...] = ("SECRETARY", "DIRECTOR", "DEPUTY_SECRETARY", "DEPUTY_DIRECTOR")
COMMITTEES: tuple[RoleCode, ...] = (*LEADERS, "COMMITTEE_MEMBER")
EVERYBODY: tuple[RoleCode, ...] = ()


class Topic(StrEnum):
    """A shelf of the catalogue; the value is the name that learners read."""

    GOVERNANCE = "村级治理"
    PARTY = "党建工作"
    ASSETS = "集体经济"
    LAND = "土地政策"
    ENVIRONMENT = "人居环境"
    SAFETY = "平安乡村"
    FARMING = "实用技术"
    COMMERCE = "电商助农"


class Kind(StrEnum):
    """What a learner does with a lesson: watch, read, listen or answer."""

    FILM = "FILM"
    ARTICLE = "ARTICLE"
    AUDIO = "AUDIO"
    QUIZ = "QUIZ"
    DOCUMENT = "DOCUMENT"
    H5P = "H5P"
    SCORM = "SCORM"


@dataclass(frozen=True, kw_only=True)
class Slide:
    """One picture of a film: a short heading and the points spoken under it."""

    heading: str
    points: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Film:
    """A lesson to watch, drawn and spoken from its slides; it lasts exactly `seconds`."""

    kind: ClassVar[Kind] = Kind.FILM
    slug: str
    title: str
    summary: str
    seconds: int
    slides: tuple[Slide, ...]

    @property
    def filename(self) -> str:
        """The film's path below the demo's media folder."""
        return f"films/{self.slug}.mp4"

    @property
    def poster(self) -> str:
        """The still picture's path below the demo's media folder."""
        return f"posters/{self.slug}.jpg"

    @property
    def captions(self) -> str:
        """The subtitles' path below the demo's media folder."""
        return f"captions/{self.slug}.vtt"


@dataclass(frozen=True, kw_only=True)
class Article:
    """A lesson to read."""

    kind: ClassVar[Kind] = Kind.ARTICLE
    slug: str
    title: str
    summary: str
    body: tuple[Block, ...]


@dataclass(frozen=True, kw_only=True)
class Audio:
    """A lesson to listen to, spoken from its transcript; it lasts exactly `seconds`."""

    kind: ClassVar[Kind] = Kind.AUDIO
    slug: str
    title: str
    summary: str
    seconds: int
    transcript: tuple[str, ...]

    @property
    def filename(self) -> str:
        """The recording's path below the demo's media folder."""
        return f"audio/{self.slug}.m4a"


@dataclass(frozen=True, kw_only=True)
class Quiz:
    """A lesson to answer, drawn from the bank by the paper of its course."""

    kind: ClassVar[Kind] = Kind.QUIZ
    slug: str
    title: str
    summary: str


@dataclass(frozen=True, kw_only=True)
class Document:
    """A lesson made of a file, which `lms.demo.papers` writes from its blocks and cuts into pieces."""

    kind: ClassVar[Kind] = Kind.DOCUMENT
    slug: str
    title: str
    summary: str
    ending: Literal["pdf", "docx"]
    body: tuple[Block, ...]

    @property
    def filename(self) -> str:
        """The file's path below the demo's media folder."""
        return f"documents/{self.slug}.{self.ending}"

    @property
    def pieces(self) -> str:
        """Where the pieces of the file lie, below the demo's media folder."""
        return f"documents/{self.slug}"


@dataclass(frozen=True, kw_only=True)
class Packed:
    """A lesson whose files lie in `demo/packages` under its slug."""

    kind: ClassVar[Kind]
    slug: str
    title: str
    summary: str
    minutes: int
    pass_percent: int


class Interactive(Packed):
    """A lesson to try things out in."""

    kind = Kind.H5P


class Scorm(Packed):
    """A lesson made elsewhere."""

    kind = Kind.SCORM


Lesson = Film | Article | Audio | Document | Interactive | Scorm | Quiz


@dataclass(frozen=True, kw_only=True)
class Course:
    """A course of two to four lessons; no roles means that it is meant for everybody."""

    slug: str
    title: str
    summary: str
    topic: Topic
    is_required: bool
    roles: tuple[RoleCode, ...]
    lessons: tuple[Lesson, ...]

    @property
    def poster(self) -> str:
        """The course picture's path below the demo's media folder."""
        return f"posters/course-{self.slug}.jpg"
