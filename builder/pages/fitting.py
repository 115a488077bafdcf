"""How words are kept together on their lines, and how high a cropped photo is."""

from __future__ import annotations

import re
from decimal import Decimal

from builder.content import numbers
from builder.model.body import PortraitsBlock
from builder.model.manuscript import Text
from builder.model.photo import Photo, shape

# A list, a heading, a quotation or a table: not one sentence.
_BLOCK = re.compile(r"^\s*([-*+>#|]|\d+[.)])\s", re.MULTILINE)
_SHORT_WORD = re.compile(r"(?<!\S)(\w{1,2}) (?=\S)")


def cropped_height(photo: Photo | PortraitsBlock, width: float) -> float | None:
    """The height in mm to which a photo of so many mm is cropped; nothing where it keeps its shape."""
    if isinstance(photo, Photo) and isinstance(photo.height, Decimal):
        return float(photo.height)
    return round(width / shape(photo.ratio), 2) if photo.ratio is not None else None


def bound(line: str) -> str:
    """A headline with no article or preposition at the end of a line: it is bound to the word that follows."""
    return _SHORT_WORD.sub(lambda m: m[1] + numbers.NO_BREAK, line)


def tied(text: Text) -> Text:
    """A sentence set large, with its last two words kept together: no word stands alone on the last line."""
    if _BLOCK.search(text):
        return text
    head, space, last = text.rstrip().rpartition(" ")
    return Text(head + numbers.NO_BREAK + last, text.span, text.source) if space and len(last) < 16 else text
