"""Where words are parted: German by patterns of its own, words of a report as it says, names nowhere.

WeasyPrint takes the patterns of pyphen, which are LibreOffice's. For German these part "Nachhaltigkeitss-trategie";
those of the Trennmuster project (hyphenation/hyph_de.dic, MIT licence) are made from a list of words parted by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyphen

from builder.pages.paginate.patch import replace

_GERMAN = Path(__file__).parent / "hyphenation" / "hyph_de.dic"
pyphen.LANGUAGES.update(dict.fromkeys(("de", "de_DE", "de_AT", "de_CH"), _GERMAN))


class Hyphens:
    """What WeasyPrint takes for the module pyphen."""

    language_fallback = staticmethod(pyphen.language_fallback)

    def __init__(self) -> None:
        self._given: dict[str, tuple[int, ...]] = {}

    def set_words(self, words: Iterable[str]) -> None:
        """Words that are parted at their hyphens alone, `Treib-haus-gas-emissionen`, and not at all without any."""
        self._given = {word.replace("-", "").casefold(): tuple(_hyphens(word)) for word in words}

    def Pyphen(self, **more: Any) -> _Dictionary:  # noqa: N802 - as pyphen calls it
        return _Dictionary(self._given, **more)


class _Dictionary(pyphen.Pyphen):  # type: ignore[misc]
    def __init__(self, given: dict[str, tuple[int, ...]], **more: Any) -> None:
        super().__init__(**more)
        self._given = given

    def iterate(self, word: str) -> Iterator[tuple[str, str]]:
        """The parts before and after each place where a word may be parted, the last place first."""
        places = self._given.get(word.casefold())
        if places is None:
            yield from super().iterate(word)
            return
        for place in reversed(places):
            yield word[:place], word[place:]


def _hyphens(word: str) -> Iterator[int]:
    """After how many letters the hyphens of a word stand."""
    letters = 0
    for letter in word:
        if letter == "-":
            yield letters
        else:
            letters += 1


hyphens = Hyphens()
replace("weasyprint.text.line_break", "pyphen", hyphens)
