"""Marking on the server: what an answer to a drawn question is worth, and how both read in words."""

from fractions import Fraction

from courses.quizzes.draw import Drawn
from courses.quizzes.kinds import KINDS, NOTHING, Json


def is_answer(drawn: Drawn, answer: Json) -> bool:
    """Whether an answer has the shape and the range that its question asks for."""
    return KINDS[drawn["kind"]].is_answer(drawn["shown"], answer)


def mark(drawn: Drawn, answer: Json) -> Fraction:
    """The share of the question's point, 0 to 1; nothing for no answer or one of another shape."""
    if answer is None or not is_answer(drawn, answer):
        return NOTHING
    return KINDS[drawn["kind"]].mark(drawn["key"], answer)


def answer_in_words(drawn: Drawn, answer: Json) -> str:
    """An answer as its giver would say it, a line for each part; empty for none."""
    if answer is None or not is_answer(drawn, answer):
        return ""
    return "\n".join(KINDS[drawn["kind"]].words(drawn["shown"], answer))


def right_answer(drawn: Drawn) -> str:
    """The right answer in words."""
    return "\n".join(KINDS[drawn["kind"]].right(drawn["shown"], drawn["key"]))
