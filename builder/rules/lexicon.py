"""What checks know of a language. A language that is not here is checked for all that needs no words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from builder.numbers import in_words


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words of one language, as regular expressions that match whole words (case does not count)."""

    rises: str
    falls: str
    points: str
    percent: str
    promises: str
    here: str
    not_numbers: frozenset[str]
    opening: str
    closing: str


_LEXICA: Mapping[str, Lexicon] = {
    "it": Lexicon(
        rises=r"(?:cresc(?:e|ono|iut[oaie]|ita)|crescita|aument\w+|sal(?:e|gono|it[oaie])|increment\w+|guadagn\w+"
        r"|miglior(?:a|ano|at[oaie])|rialz\w+|raddoppi\w+)",
        falls=r"(?:cal(?:a|ano|at[oaie]|o)|diminu\w+|scend(?:e|ono)|sces[oaie]|ridu(?:ce|cono|zione|tt)\w*|ridott[oaie]"
        r"|perd(?:e|ono|ita)|pers[oaie]|peggior(?:a|ano|at[oaie])|ribass\w+|dimezz\w+|contra(?:e|zione)\w*)",
        points=r"punt[oi](?:\s+percentual[ei])?",
        percent=r"(?:%|per\s?cento|percento)",
        promises=r"(?:i|ecco i|nei|dei|presentano i)\s+numeri\s+(?:chiave|principali|più importanti)"
        r"|(?:seguenti|ecco\s+i|questi\s+i)\s+(?:dati|numeri)",
        here=r"(?:consulta\w*|clicca\w*|legg\w+|scarica\w*|trova\w*|vedi\w*|veder\w*)\s+qui",
        not_numbers=frozenset({"uno", "zero"}),
        opening="«",
        closing="»",
    ),
    "en": Lexicon(
        rises=r"(?:ris(?:es?|en|ing)|rose|gr[eo]w(?:s|n|ing)?|growth|increas\w+|gain\w*|improv\w+|more|doubl\w+)",
        falls=r"(?:f[ae]ll(?:s|en|ing)?|drop(?:s|ped|ping)?|decreas\w+|declin\w+|los(?:t|e|es|ing|s)|worsen\w*|shr[iau]nk\w*|halv\w+"
        r"|reduc\w+|fewer)",
        points=r"(?:percentage\s+)?points?",
        percent=r"(?:%|per\s?cent)",
        promises=r"(?:the|these|following)\s+(?:key\s+(?:numbers|figures)|numbers\s+are)|following\s+(?:data|figures)",
        here=r"(?:click|read|see|download|find\s+it|available|consult(?:ed)?)\s+here",
        not_numbers=frozenset({"one", "zero", "second"}),
        opening="“",
        closing="”",
    ),
}


def lexicon(language: str) -> Lexicon | None:
    return _LEXICA.get(language.split("-")[0])


@lru_cache(maxsize=8)
def numerals(language: str) -> Mapping[str, int]:
    """The numbers written in letters, from two up: "tredici" is 13. Empty where the language is not known."""
    known = lexicon(language)
    wanted = [*range(2, 100), *range(100, 1000, 10), *range(1000, 21000, 1000), 30000, 40000, 50000, 100000]
    spoken = {number: in_words(Decimal(number), language) for number in wanted}
    return {
        word: number
        for number, word in spoken.items()
        if word and re.fullmatch(r"[^\W\d_]+(?:-[^\W\d_]+)?", word) and not (known and word in known.not_numbers)
    }
