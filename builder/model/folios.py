"""Page numbers that nobody knows while a section is laid out.

Compose writes a *place* where a page number belongs. The layout sets zeros in its stead, and remembers which glyphs
each digit would take; when the pages are counted, the digits are stamped. So no section is laid out again because
others have moved.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from markupsafe import escape

from builder.model.diagnostics import Diagnostic, Span
from builder.model.fragment import Fragment, Number, Packed, Tag

# Private characters (Unicode, 23.5) about a place, and between a section and its page.
_OPEN, _PAGE, _CLOSE = "\ue000", "\ue001", "\ue002"
_PLACE = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")
_TAG_OR_PLACE = re.compile(rf"""(<(?:[^<>"']|"[^"]*"|'[^']*')*>)|{_PLACE.pattern}""")
# How the HTML marks zeros that stand for a page number.
ATTRIBUTE = "data-folio"


def placed(place: str) -> str:
    """What stands in a text for the page of `place`: the name of an anchor, or what `within` gives."""
    return f"{_OPEN}{place}{_CLOSE}"


def within(section: str, page: int) -> str:
    """The place that is `page` pages (from 0) behind the first page of a section."""
    return f"{section}{_PAGE}{page}"


def within_section(place: str) -> tuple[str, int] | None:
    """The section and page of a place that `within` gave."""
    name, after, page = place.partition(_PAGE)
    return (name, int(page)) if after else None


def places(text: str) -> tuple[str, ...]:
    """The places that a text names, each once."""
    return tuple(dict.fromkeys(_PLACE.findall(text)))


def zeros(html: str, digits: Callable[[str], int]) -> str:
    """HTML for the layout: as many zeros as the page of each place has digits. Attributes keep their places."""

    def instead(match: re.Match[str]) -> str:
        if match[1] is not None:
            return match[1]
        return f'<span {ATTRIBUTE}="{escape(match[2])}" data-as="folio">{"0" * digits(match[2])}</span>'

    return _TAG_OR_PLACE.sub(instead, html)


def told(text: str, folio: Callable[[str], int]) -> str:
    """A text with the page numbers themselves."""
    return _PLACE.sub(lambda match: str(folio(match[1])), text) if _OPEN in text else text


def measured(text: str) -> str:
    """A text as wide as it is likely to be: with two digits for each page number."""
    return _PLACE.sub("00", text) if _OPEN in text else text


def settled(fragment: Fragment, first: int, folios: dict[str, int]) -> Fragment:
    """The fragment as it stands in the book from page `first` on. `folios` gives the pages of anchors and sections."""

    def folio(place: str) -> int:
        name, after, page = place.partition(_PAGE)
        if not after:
            return folios[name]
        return (first if name == fragment.name else folios[within(name, 0)]) + int(page)

    return replace(
        fragment,
        tags=_filled(fragment.tags, folio),
        numbers=tuple(_number(number, folio) for number in fragment.numbers),
        bookmarks=tuple(replace(one, label=told(one.label, folio)) for one in fragment.bookmarks),
        stamps=tuple(replace(stamp, printed=str(folio(stamp.place))) for stamp in fragment.stamps),
    )


def _number(number: Number, folio: Callable[[str], int]) -> Number:
    return replace(number, text=told(number.text, folio)) if _OPEN in number.text else number


def _filled(tags: Iterable[Tag], folio: Callable[[str], int]) -> Iterable[Tag]:
    fill = partial(_tags, folio=folio)
    return replace(tags, fill=fill) if isinstance(tags, Packed) else fill(tags)


def _tags(tags: Iterable[Tag], folio: Callable[[str], int]) -> tuple[Tag, ...]:
    return tuple(_tag(tag, folio) for tag in tags)


def _tag(tag: Tag, folio: Callable[[str], int]) -> Tag:
    kids = tuple(_tag(kid, folio) if isinstance(kid, Tag) else kid for kid in tag.kids)
    if _OPEN not in tag.say + tag.alt + tag.expanded and all(
        new is old for new, old in zip(kids, tag.kids, strict=True)
    ):
        return tag
    return replace(
        tag, kids=kids, say=told(tag.say, folio), alt=told(tag.alt, folio), expanded=told(tag.expanded, folio)
    )


def unknown(named: Sequence[str], folios: Mapping[str, int], span: Span | None) -> Iterator[Diagnostic]:
    for place in named:
        if place not in folios and within_section(place) is None:
            yield Diagnostic(
                "unknown-anchor",
                f'nothing in the book is called "{place}"',
                "a page refers to it: give it an id, or put it into the order",
                span,
            )


def twice(name: str, span: Span | None) -> Diagnostic:
    return Diagnostic(
        "duplicate-name",
        f'two places of the book are called "{name}"',
        "give the topic, the part or the id in the layout another name: links could not tell them apart",
        span,
    )
