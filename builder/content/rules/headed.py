"""Rows that head their parts: "Titolo 1", and below it what it is made of, as budgets have them at several levels.

No indent or code is asked for. From the bottom up, a row takes those below it that it is the sum of in most columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeAlias

Values: TypeAlias = Sequence[Decimal | None]
# A row heads no more parts than this; it is their sum in so many columns, and in this part of all.
_MANY, _LEAST, _MOST_PART = 30, 2, 0.6


def headed(rows: Sequence[Values], slack: Sequence[Decimal]) -> dict[int, tuple[int, ...]]:
    """The parts of each row that heads some, by number. `slack` is what rounding may come to, by column."""
    found: dict[int, tuple[int, ...]] = {}
    tops: list[int] = []  # rows below that nothing has taken yet, the nearest last
    for at in range(len(rows) - 1, -1, -1):
        parts = _parts(rows, at, tops, slack)
        if parts:
            found[at] = tuple(reversed(tops[-parts:]))
            del tops[-parts:]
        tops.append(at)
    return found


def _parts(rows: Sequence[Values], at: int, tops: Sequence[int], slack: Sequence[Decimal]) -> int:
    """How many of the nearest rows below add up to a row; 0 where none do."""
    whole = [value or Decimal(0) for value in rows[at]]
    known = [place for place, value in enumerate(whole) if value]
    if len(known) < _LEAST:
        return 0
    sums = dict.fromkeys(known, Decimal(0))
    for count, below in enumerate(reversed(tops[-_MANY:]), 1):
        for place in known:
            sums[place] += rows[below][place] or 0
        held = sum(abs(whole[place] - sums[place]) <= slack[place] for place in known)
        if count > 1 and held >= _LEAST and held >= len(known) * _MOST_PART:
            return count
        if all(abs(sums[place]) > 2 * abs(whole[place]) for place in known):
            return 0
    return 0
