"""Figures of interleaved rounds, and their table."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

Figures = Mapping[str, list[float]]


def interleave(measures: Mapping[str, Callable[[], float]], rounds: int) -> Figures:
    """Measure A B C A B C ..., so that other load on the machine affects all measures equally."""
    figures: dict[str, list[float]] = {name: [] for name in measures}
    for _round in range(rounds):
        for name, measure in measures.items():
            figures[name].append(measure())
    return figures


def ratio(figures: Figures, ours: str, theirs: str) -> float:
    """Return the median of the rounds' ratios, in which a drift over the rounds cancels out."""
    return median(a / b for a, b in zip(figures[ours], figures[theirs], strict=True))


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One line of the table. Without a bar it is for information."""

    what: str
    figures: str
    value: float
    bar: float | None = None
    at_most: bool = False
    unit: str = "x"
    samples: Figures = field(default_factory=dict)
    """The figures of each round. If several rows share them, the first row has them."""

    @property
    def verdict(self) -> str:
        if self.bar is None:
            return ""
        met = self.value <= self.bar if self.at_most else self.value >= self.bar
        return "ok" if met else "FAIL"

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "verdict": self.verdict}

    def cells(self) -> tuple[str, ...]:
        sign = "<=" if self.at_most else ">="
        bar = "" if self.bar is None else f"{sign} {_number(self.bar, self.unit)}"
        return self.what, self.figures, _number(self.value, self.unit), bar, self.verdict


def medians(figures: Figures, unit: str, *, digits: int = 0) -> str:
    """Return the medians as text."""
    return ", ".join(
        f"{name} {median(values):,.{digits}f}{unit}" for name, values in figures.items()
    )


def render(rows: list[Row]) -> str:
    """Return the table as aligned Markdown."""
    cells = [
        ("what", "medians", "value", "bar", ""),
        *(row.cells() for row in rows),
    ]
    widths = [max(len(line[column]) for line in cells) for column in range(5)]
    lines = [_line(line, widths) for line in cells]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    return (
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        + " |"
    )


def _number(value: float, unit: str) -> str:
    return f"{value:.2f} {unit}"
