"""Where in the parameters of a content something stands: `questions[2].params.text`. Pure."""

# No field of H5P has so long a name; without a limit each value would carry whatever stands above it.
MOST_NAME = 80


def inside(where: str, name: str) -> str:
    """A field of an object."""
    return f"{where}.{name[:MOST_NAME]}" if where else name[:MOST_NAME]


def place_in(where: str, place: int) -> str:
    """A row of a list."""
    return f"{where}[{place}]"
