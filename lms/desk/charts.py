"""Charts as numbers: where lines, tiles and bars of a server-rendered SVG stand. No query, no markup."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate

from lms.desk.figures import UnitFigures

# Wide enough for 10231/21834 in the large letters of a phone.
COLUMNS, TILE_WIDTH, TILE_HEIGHT, GAP = 4, 134, 58, 8
LEFT, BOTTOM, WIDTH, HEIGHT = 44, 290, 480, 260


@dataclass(frozen=True)
class Tile:
    """One unit's tile; `fill_y` and `fill` are where the done part starts and how high it is."""

    figures: UnitFigures
    x: int
    y: int
    fill_y: float
    fill: float

    @property
    def text_x(self) -> int:
        """Where its words start."""
        return self.x + 8


@dataclass(frozen=True)
class Tiles:
    """Coverage of the units as tiles, in the order of their codes."""

    tiles: list[Tile]
    height: int


def tiles(lines: Sequence[UnitFigures]) -> Tiles:
    """Lay the units out in rows of four."""
    placed = []
    for index, line in enumerate(lines):
        x = (index % COLUMNS) * (TILE_WIDTH + GAP)
        y = (index // COLUMNS) * (TILE_HEIGHT + GAP)
        fill = round(TILE_HEIGHT * line.percent / 100, 1)
        placed.append(Tile(line, x, y, y + TILE_HEIGHT - fill, fill))
    rows = -(-len(lines) // COLUMNS)
    return Tiles(placed, max(TILE_HEIGHT, rows * (TILE_HEIGHT + GAP)))


@dataclass(frozen=True)
class Month:
    """One line of the pace table: average hours earned and asked by the month's end."""

    month: int
    earned: Decimal
    asked: Decimal


@dataclass(frozen=True)
class Pace:
    """The year against the pace needed: average online hours a person."""

    months: list[Month]
    points: str
    area: str
    dot_x: float
    dot_y: float
    asked_y: float
    axis: list[tuple[float, int]]
    labels: list[tuple[float, int]]

    @property
    def now(self) -> Month:
        """The latest month."""
        return self.months[-1]


def _x(month: float) -> float:
    return round(LEFT + WIDTH * month / 12, 1)


def pace(by_month: Sequence[Decimal], *, people: int, asked: Decimal, today: date) -> Pace:
    """The curve up to `today`; `asked` is what all of them owe in the whole year."""
    each = max(people, 1)
    whole = asked / each
    earned = [value / each for value in accumulate(by_month[: today.month])]
    months = [
        Month(number, value.quantize(Decimal("0.1")), (whole * number / 12).quantize(Decimal("0.1")))
        for number, value in enumerate(earned, start=1)
    ]
    top = max([*earned, whole, Decimal(1)])

    def y(value: Decimal) -> float:
        return round(BOTTOM - HEIGHT * float(value / top), 1)

    curve = [(_x(0), y(Decimal(0))), *((_x(m), y(v)) for m, v in enumerate(earned, start=1))]
    points = " ".join(f"{x},{height}" for x, height in curve)
    last_x, last_y = curve[-1]
    steps = [int(top * part / 5) for part in range(6)]
    return Pace(
        months=months,
        points=points,
        area=f"{points} {last_x},{BOTTOM}",
        dot_x=last_x,
        dot_y=last_y,
        asked_y=y(whole),
        axis=[(y(Decimal(step)), step) for step in steps],
        labels=[(_x(month - 0.5), month) for month in (1, 3, 5, 7, 9, 11)],
    )
