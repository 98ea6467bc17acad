"""Judging a sheet of questions: each row by itself, against the others and the bank. Never writes."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.competencies.models import Competency
from courses.models import Topic
from courses.quizzes.imports.columns import LABELS, NEEDED, Column
from courses.quizzes.imports.notation import Unclear, difficulty_of, kind_of, parts_of, stem_of
from courses.quizzes.imports.reading import Line
from courses.quizzes.kinds import MOST_CHARACTERS, QuestionKind, normal
from courses.quizzes.models import Question

LONGEST = {Column.STEM: 500, Column.EXPLANATION: 1000}
# These kinds may say their answer in the options alone.
WITHOUT_ANSWER = {QuestionKind.ORDERING, QuestionKind.MATCHING}
FORMULA = ("=", "@")

WORDS = {
    "kind": gettext_lazy("Unknown kind of question: %(value)s."),
    "difficulty": gettext_lazy("Unknown difficulty: %(value)s. Write easy, medium or hard."),
    "truth": gettext_lazy("Write right or wrong as the answer, not “%(value)s”."),
    "letters": gettext_lazy("The answer “%(value)s” does not name options by their letters."),
    "order": gettext_lazy("The answer “%(value)s” must name every option once, in the right order."),
    "pair": gettext_lazy("“%(value)s” is no pair. Write left=right in each option."),
}


class Verdict(TextChoices):
    """What would become of a row."""

    ERROR = "ERROR", gettext_lazy("To correct")
    NEW = "NEW", gettext_lazy("New")
    SAME = "SAME", gettext_lazy("In the bank already")


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with its verdict, the reasons in words, and the question that it would become."""

    line: Line
    verdict: Verdict
    reasons: tuple[str, ...]
    question: Question | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do, row by row."""

    judged: tuple[Judged, ...]

    @property
    def counts(self) -> Counter[str]:
        """How many rows of each verdict."""
        return Counter(row.verdict.value for row in self.judged)

    @property
    def new(self) -> list[Question]:
        """The questions that would be written."""
        return [row.question for row in self.judged if row.verdict is Verdict.NEW and row.question]


def plan_questions(lines: Iterable[Line]) -> Plan:
    """Judge lines against each other and against the bank as it is now (three queries)."""
    shelves = _Shelves()
    asked: dict[str, int] = {}
    return Plan(tuple(_judge(line, shelves, asked) for line in lines))


class _Shelves:
    """What the bank knows: topics and competencies by name, and what is asked already."""

    def __init__(self) -> None:
        self.topics = {topic.name: topic for topic in Topic.objects.all()}
        self.competencies = {each.name: each for each in Competency.objects.all()}
        self.stems = {normal(stem) for stem in Question.objects.values_list("stem", flat=True)}


def _judge(line: Line, shelves: _Shelves, asked: dict[str, int]) -> Judged:
    reasons = [*_cells(line), *_names(line, shelves)]
    question = None
    try:
        question = _question(line, shelves)
        reasons += _parts(question)
    except Unclear as error:
        if error.value:  # an empty cell has been named already
            reasons.append(WORDS[error.code] % {"value": error.value[:MOST_CHARACTERS]})
    stem = normal(question.stem if question else line[Column.STEM])
    first = asked.setdefault(stem, line.number) if stem else line.number
    if first != line.number:
        reasons.append(_("Row %(line)s asks the same.") % {"line": first})
    if reasons:
        return Judged(line, Verdict.ERROR, tuple(dict.fromkeys(reasons)), None)
    return Judged(line, Verdict.SAME if stem in shelves.stems else Verdict.NEW, (), question)


def _cells(line: Line) -> list[str]:
    """What is wrong with single cells: empty, too long, a formula."""
    wrong = []
    for column in NEEDED:
        if not line[column] and not (column is Column.ANSWER and _says_it_in_options(line)):
            wrong.append(_("%(column)s is missing.") % {"column": LABELS[column]})
    for column, cell in line.cells.items():
        longest = LONGEST.get(column, MOST_CHARACTERS)
        if len(cell) > longest and column is not Column.ANSWER:
            told = {"column": LABELS[column], "most": longest}
            wrong.append(_("%(column)s is longer than %(most)s characters.") % told)
        if cell.startswith(FORMULA):
            told = {"column": LABELS[column]}
            wrong.append(_("%(column)s is a formula or looks like one. Paste it as plain text.") % told)
    return wrong


def _says_it_in_options(line: Line) -> bool:
    try:
        return kind_of(line) in WITHOUT_ANSWER
    except Unclear:
        return False


def _names(line: Line, shelves: _Shelves) -> list[str]:
    """Topics and competencies that are not there; a slip of the pen must not make a new one."""
    wrong = []
    if line[Column.TOPIC] and line[Column.TOPIC] not in shelves.topics:
        wrong.append(_("There is no topic “%(value)s”.") % {"value": line[Column.TOPIC]})
    if line[Column.COMPETENCY] and line[Column.COMPETENCY] not in shelves.competencies:
        wrong.append(_("There is no competency “%(value)s”.") % {"value": line[Column.COMPETENCY]})
    return wrong


def _question(line: Line, shelves: _Shelves) -> Question:
    """The question that the line writes; raises Unclear."""
    kind = kind_of(line)
    return Question(
        kind=kind,
        stem=stem_of(line, kind),
        parts=parts_of(line, kind),
        explanation=line[Column.EXPLANATION],
        topic=shelves.topics.get(line[Column.TOPIC]),
        competency=shelves.competencies.get(line[Column.COMPETENCY]),
        difficulty=difficulty_of(line),
    )


def _parts(question: Question) -> list[str]:
    """What the question's kind says against its parts."""
    try:
        question.clean()
    except ValidationError as error:
        return list(error.messages)
    return []
