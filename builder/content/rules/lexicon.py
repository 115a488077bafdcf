"""What checks know of a language. A language that is not here is checked for all that needs no words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from builder.content.numbers import in_words


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
    # How thousands are written in one word, with the groups `head` and `tail`; None where they are several words.
    thousands: str | None = None
    # Between two numbers, of which the second came after: from X to Y.
    from_: str = "(?!)"
    to: str = "(?!)"
    # Words after a number that make it a thousand or a million times as large.
    multiples: str = "(?!)"
    # Words before which, or after which, a numeral is none: "se sei", "mille grazie".
    idioms: str = "(?!)"
    # Quantities in words that are no numerals: a million, a third, twice as many, dozens.
    quantities: str = "(?!)"


_LEXICA: Mapping[str, Lexicon] = {
    "it": Lexicon(
        rises=r"(?:cresc(?:e|ono|iut[oaie]|ita)|crescita|aument\w+|(?<!\ble\s)(?<!\bdelle\s)(?<!\bnelle\s)(?<!\balle\s)(?<!\bsulle\s)(?<!\bdue\s)sale|sal(?:gono|it[oaie])|increment\w+|guadagn\w+"
        r"|miglior(?:a|ano|at[oaie])|rialz\w+|raddoppi\w+)",
        falls=r"(?:cal(?:a|ano|at[oaie]|o)|diminu\w+|scend(?:e|ono)|sces[oaie]|scender\w+|croll\w+|flession\w+"
        r"|ridu(?:ce|cono|zione)|(?<=è )ridott[oa]|(?<=si è )ridott[oa]|(?<=sono )ridott[ie]|stat[oaie] ridott[oaie]"
        r"|perd(?:e|ono|ita)|pers[oaie]|peggior(?:a|ano|at[oaie])|ribass\w+|dimezz\w+|contra(?:e|zione)\w*)",
        points=r"punt[oi](?:\s+percentual[ei])?",
        percent=r"(?:%|per\s?cento|percento)",
        promises=r"(?:i|ecco i|nei|dei|presentano i)\s+numeri\s+(?:chiave|principali|più importanti)"
        r"|(?:seguenti|ecco\s+i|questi\s+i)\s+(?:dati|numeri)",
        here=r"(?:consulta\w*|clicca\w*|legg\w+|scarica\w*|trova\w*|vedi\w*|veder\w*)\s+qui",
        not_numbers=frozenset({"uno", "zero"}),
        opening="«",
        closing="»",
        from_=r"\bda(?:l|ll[ao’'])?\s*[*_]*$",
        to=r"\s*[*_]*\s*a(?:l|ll[ao’'])?\s*[*_]*",
        multiples=r"(?:mila|milion[ei]|miliard[oi]|Mln|Mld)",
        idioms=r"(?:se|tu|non|che|ci|chi)\s+sei|mille\s+grazie|cento\s+per\s+cento",
        thousands=r"(?:mille|(?P<head>.+?)mila)(?P<tail>.*)",
        quantities=r"(?:un|mezzo)\s+(?:milione|miliardo)|(?:un|due|tre)\s+(?:terzi?|quart[oi]|quint[oi]|decim[oi])(?=\s+de)"
        r"|(?:la\s+)?metà\s+de(?:i|gli|lle|ll[a’'])|(?:il|del|al)\s+(?:doppio|triplo|quadruplo)"
        r"|(?:una?|due)\s+(?:decin|dozzin|ventin|trentin|cinquantin)[ae]|(?:un|due)\s+(?:centinai|migliai)[oa]",
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
        from_=r"\bfrom\s*[*_]*$",
        to=r"\s*[*_]*\s*to\s*[*_]*",
        multiples=r"(?:thousand|million|billion|bn|m)",
        quantities=r"(?:an?|half\s+a)\s+(?:hundred|thousand|million|billion|dozen)|(?:a|one|two|three)[\s-]+(?:thirds?|quarters?"
        r"|fifths?|tenths?)\s+of|half\s+(?:of|the)|(?:two|three|four)fold|twice\s+as|dozens\s+of|(?:two|three)\s+dozen",
    ),
}


def lexicon(language: str) -> Lexicon | None:
    return _LEXICA.get(language.split("-")[0])


@lru_cache(maxsize=65_536)
def numeral(word: str, language: str) -> int | None:
    """The number, from two up, that a word means: "tredici" is 13, "quattromilatrecento" 4,300."""
    small = _below_thousand(language)
    word = word.casefold()
    if word in small:
        return small[word]
    known = lexicon(language)
    if known is None or known.thousands is None or (parts := re.fullmatch(known.thousands, word)) is None:
        return None
    head = 1 if not parts["head"] else small.get(parts["head"])
    tail = 0 if not parts["tail"] else small.get(parts["tail"])
    tail = 1 if parts["tail"] == "uno" else tail
    return None if head is None or tail is None else 1000 * head + tail


@lru_cache(maxsize=8)
def _below_thousand(language: str) -> Mapping[str, int]:
    """Empty where the language is not known. Accents are written or left out: ventitré, ventitre."""
    known = lexicon(language)
    spoken = {number: in_words(Decimal(number), language) for number in range(2, 1000)}
    found = {
        word: number
        for number, word in spoken.items()
        if word and re.fullmatch(r"[^\W\d_]+(?:-[^\W\d_]+)?", word) and not (known and word in known.not_numbers)
    }
    if language.startswith("it"):  # num2words writes duecentoquarantatré, people ventitre too
        found |= {word.replace("é", "e"): number for word, number in found.items()}
        found |= {f"{word[:-3]}tré": number for word, number in found.items() if word.endswith("tre") and number > 20}
    return found
