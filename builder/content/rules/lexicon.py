"""Numerals in words, as a language writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from builder.content.numbers import in_words
from builder.model.labels import Lexicon


def numeral(word: str, language: str, lexicon: Lexicon | None) -> int | None:
    """The number, from two up, that a word means: "tredici" is 13, "quattromilatrecento" 4,300."""
    small = _below_thousand(language)
    word = word.casefold()
    if lexicon is not None and word in lexicon.not_numbers:
        return None
    if word in small:
        return small[word]
    if lexicon is None or (parts := re.fullmatch(lexicon.thousands, word)) is None:
        return None
    head = 1 if not parts["head"] else small.get(parts["head"])
    tail = 0 if not parts["tail"] else small.get(parts["tail"])
    tail = 1 if parts["tail"] in ("uno", "eins") else tail
    return None if head is None or tail is None else 1000 * head + tail


@lru_cache(maxsize=8)
def _below_thousand(language: str) -> Mapping[str, int]:
    """Empty where the language is not known. Accents are written or left out: ventitré, ventitre."""
    spoken = {number: in_words(Decimal(number), language) for number in range(2, 1000)}
    found = {
        word: number for number, word in spoken.items() if word and re.fullmatch(r"[^\W\d_]+(?:-[^\W\d_]+)?", word)
    }
    if language.startswith("it"):  # num2words writes duecentoquarantatré, people ventitre too
        found |= {word.replace("é", "e"): number for word, number in found.items()}
        found |= {f"{word[:-3]}tré": number for word, number in found.items() if word.endswith("tre") and number > 20}
    if language.startswith("de"):  # and einhundertzwei, people hundertzwei too
        found |= {word.removeprefix("ein"): number for word, number in found.items() if word.startswith("einhundert")}
    return found
