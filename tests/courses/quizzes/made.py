"""Questions of every kind, made up."""

from random import Random

from hypothesis import strategies as st

from courses.quizzes.draw import Drawn
from courses.quizzes.kinds import KINDS, MOST_CHARACTERS, Json, normal

TEXT = st.text("甲乙丙丁戊己abcXYZ０１23 ", min_size=1, max_size=12).filter(lambda text: bool(normal(text)))
LINES = st.lists(TEXT, min_size=2, max_size=8, unique_by=normal)
RANDOM = st.integers(0, 2**32).map(Random)
# What JSON can hold, to be given where an answer is expected.
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 9) | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def made_parts(draw: st.DrawFn, kind: str, text: st.SearchStrategy[str] = TEXT) -> dict[str, Json]:
    """The parts of a question, of texts of one's choice."""
    lines = st.lists(text, min_size=2, max_size=8, unique_by=normal)
    if kind in ("SINGLE", "MULTIPLE"):
        options = draw(lines)
        count = 1 if kind == "SINGLE" else draw(st.integers(2, len(options)))
        return {"options": options, "right": sorted(draw(st.permutations(range(len(options))))[:count])}
    if kind == "TRUE_FALSE":
        return {"right": draw(st.booleans())}
    if kind == "FILL_IN":
        return {"blanks": draw(st.lists(st.lists(text, min_size=1, max_size=3), min_size=1, max_size=4))}
    if kind == "ORDERING":
        return {"items": draw(lines)}
    left = draw(lines)
    right = draw(st.lists(text, min_size=len(left), max_size=len(left), unique_by=normal))
    return {"pairs": [list(pair) for pair in zip(left, right, strict=True)]}


def stem_of(kind: str, parts: dict[str, Json]) -> str:
    """A question to the parts, with as many blanks as they fill."""
    return "问" + "____，" * len(parts["blanks"]) if kind == "FILL_IN" else "问什么？"


@st.composite
def drawn_questions(draw: st.DrawFn, kinds: tuple[str, ...] = tuple(KINDS)) -> Drawn:
    """A question as it was drawn."""
    kind = draw(st.sampled_from(kinds))
    parts = draw(made_parts(kind))
    stem = stem_of(kind, parts)
    KINDS[kind].check(parts, stem)
    shown, key = KINDS[kind].show(parts, draw(st.none() | RANDOM))
    return Drawn(question=1, kind=kind, stem=stem, shown=shown, key=key, explanation="因为。")


@st.composite
def answers_to(draw: st.DrawFn, drawn: Drawn) -> Json:
    """An answer of the right shape, right or wrong."""
    shown, kind = drawn["shown"], drawn["kind"]
    if kind == "SINGLE":
        return draw(st.integers(0, len(shown["options"]) - 1))
    if kind == "MULTIPLE":
        return draw(st.lists(st.integers(0, len(shown["options"]) - 1), unique=True))
    if kind == "TRUE_FALSE":
        return draw(st.booleans())
    if kind == "FILL_IN":
        count = shown["blanks"]
        return draw(st.lists(st.text(max_size=MOST_CHARACTERS), min_size=count, max_size=count))
    if kind == "ORDERING":
        return draw(st.permutations(range(len(shown["items"]))))
    count = len(shown["left"])
    place = st.none() | st.integers(0, count - 1)
    return draw(st.lists(place, min_size=count, max_size=count))


def right_answer_of(drawn: Drawn) -> Json:
    """The answer that earns the whole point."""
    if drawn["kind"] == "SINGLE":
        return drawn["key"][0]
    if drawn["kind"] == "FILL_IN":
        return [accepted[-1] for accepted in drawn["key"]]
    return drawn["key"]
