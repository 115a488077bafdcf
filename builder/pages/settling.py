"""What keeps a book from going to and fro between layouts for ever.

Where all digits are given, each section's place follows from those before it, from the front to the back. Digits
depend on places in turn, and so may go to and fro: a list that is a line longer with three digits moves what it
lists, which then has two. Once that is seen, digits are held: they may grow, and never shrink, so that it ends; a
number then stands at the right of a space that has room for one digit more. A table that lists where indicators stand
can also move what it lists to the other side, where it breaks otherwise. Once that is seen, sides are held: each
section begins on the side that it had, after a blank page where it has to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from builder.design.theme import Side

# The digits that a layout supposes for each page number of a section, by place.
Digits: TypeAlias = tuple[tuple[str, int], ...]
# The sections, and their pages (from 0), on which each indicator stands.
Standing: TypeAlias = dict[str, tuple[tuple[str, int], ...]]
# So often are sections laid out anew, once all have been laid out, before digits are held; and so often are the pages
# of indicators counted before sides are held. Most books need one round or two.
ROUNDS = 12
# A book that has not settled when sides have been held so long never will: then this module is wrong.
_NEVER = 5 * ROUNDS


class Settling:
    """The digits and sides that are held, and how it comes to that."""

    def __init__(self) -> None:
        self._rounds = 0
        self._states: set[tuple[int, ...]] = set()
        self._repeated = 0  # how often the book has stood as before since there was a new layout
        self._counted: list[Standing] = []
        self._digits: dict[str, dict[str, int]] | None = None
        self._sides: dict[str, Side] = {}

    def side(self, name: str, own: Side | None) -> Side | None:
        """On which side the section `name` has to begin."""
        return self._sides.get(name, own)

    def least(self, name: str, place: str) -> int:
        """How many digits the section `name` supposes at least for the page of a place."""
        return (self._digits or {}).get(name, {}).get(place, 0)

    def used(self, name: str, digits: Digits) -> None:
        """A layout of the section `name` that supposes these digits has become its latest."""
        if self._digits is not None:
            held = self._digits.setdefault(name, {})
            held |= {place: max(count, held.get(place, 0)) for place, count in digits}

    def new_layout(self) -> None:
        """There is one that was never there: what was seen before is no sign of anything."""
        self._states.clear()
        self._repeated = 0

    def new_round(self, latest: Iterable[tuple[str, Digits]]) -> None:
        """All sections have been laid out, and some are laid out anew. `latest` gives the digits that each supposes."""
        self._rounds += 1
        if self._rounds > ROUNDS:
            self._hold(latest)

    def moved(self, state: tuple[int, ...], latest: Iterable[tuple[str, Digits]]) -> None:
        """The book stands in a state, by the identities of its layouts; where it did before, it goes to and fro."""
        if state in self._states:
            self._hold(latest)
            self._repeated += 1
            if self._repeated > _NEVER:
                raise RuntimeError("the book goes to and fro, though digits are held")
        self._states.add(state)

    def counted(self, printed: Standing, sides: Mapping[str, Side], latest: Iterable[tuple[str, Digits]]) -> None:
        """Indicators stand elsewhere than the tables suppose that list them. `sides` are those where sections begin."""
        if printed in self._counted or len(self._counted) >= ROUNDS:
            self._hold(latest)
            self._sides = self._sides or dict(sides)
        self._counted.append(printed)
        if len(self._counted) > _NEVER:
            raise RuntimeError("the pages of indicators do not settle, though digits and sides are held")

    def _hold(self, latest: Iterable[tuple[str, Digits]]) -> None:
        if self._digits is None:
            self._digits = {}
            for name, digits in latest:
                self.used(name, digits)
