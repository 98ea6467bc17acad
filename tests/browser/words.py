"""How the findings of many pages are told."""

from collections.abc import Mapping, Sequence


def told(found: Mapping[str, Sequence[str]]) -> str:
    """A block for each page, a line for each finding."""
    return "\n" + "\n".join(
        line for slug, lines in found.items() for line in (f"{slug}:", *(f"  {each}" for each in lines))
    )
