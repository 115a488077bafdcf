"""Where each number on a page comes from: the elements about it say so, in data-indicator, data-about or data-as."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from builder.model.diagnostics import Diagnostic, Span, warning
from builder.model.folios import ATTRIBUTE, placed, within
from builder.model.fragment import Number

_DIGITS = re.compile(r"[+\-−]?\d(?:[\d.,]*\d)?")
_LETTERS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
_SVG_TEXT = re.compile(r"<text\b[^>]*>(.*?)</text>", re.DOTALL)
_TAGS = re.compile(r"<[^>]*>")
# Origins are a kind and names of indicators: ("indicator", names), ("about", names), ("year", ()).
_Origin = tuple[str, tuple[str, ...]]
_NOWHERE: _Origin = ("", ())


def standing(pages: Any, figures: Mapping[str, str], name: str) -> tuple[Number, ...]:
    """Every number that the pages of a section print, with its page (from 0) and where it comes from.

    Page numbers are places still.
    """
    return tuple(
        number
        for at, page in enumerate(pages)
        for number in _walk(page._page_box, at, _NOWHERE, "", figures, within(name, at), False)
    )


def untraced(numbers: tuple[Number, ...], name: str, span: Span | None) -> Iterator[Diagnostic]:
    """Numbers that neither content nor layout accounts for, each place said once."""
    for number in dict.fromkeys(number for number in numbers if not number.kind):
        yield warning(
            "untraced-number",
            f'"{number.text}" in {name} comes from nowhere that is known',
            "in a text, quote or mark it; in a layout, say what it is with data-as, data-about or data-indicator",
            _span(number.place) or span,
        )


def _walk(
    box: Any, page: int, origin: _Origin, place: str, figures: Mapping[str, str], folio: str, counted: bool
) -> Iterator[Number]:
    """`folio` is the place of a page number, should one be `counted` in the box."""
    box = getattr(box, "_box", box)
    tag = str(getattr(box, "element_tag", "") or "")
    if getattr(box, "at_keyword", ""):
        # The folio and running heads: a running head repeats a title, whose numbers were judged where it stands.
        counted = _is_folio(box)
        origin = ("folio" if counted else "title", ())
    elif tag.endswith(("::footnote-call", "::footnote-marker")):
        origin = ("number", ())
    elif tag.endswith("::marker"):
        origin = ("list", ())
    elif box.element is not None:
        place = box.element.get("data-src") or place
        if box.element.get(ATTRIBUTE):
            folio, counted = box.element.get(ATTRIBUTE), True
        given = _of(box.element)
        # A loose number in a text about an indicator is about it too.
        origin = origin if given is None or (given[0] == "loose" and origin[0]) else given
    text = getattr(box, "text", None)
    if isinstance(text, str) and origin[0] == "indicator" and tag == "span" and _LETTERS.fullmatch(text.strip()):
        yield Number(text.strip(), page, *origin, place)  # a number in letters
    elif isinstance(text, str):
        for match in _DIGITS.finditer(text):
            words = placed(folio) if counted and not match[0].strip("0") else match[0]
            yield Number(words, page, *origin, place)
    elif box.element is not None and (source := box.element.get("src", "")).startswith("figure:") and tag == "img":
        for words in _SVG_TEXT.findall(figures.get(source.removeprefix("figure:"), "")):
            yield from (Number(m[0], page, *origin, place) for m in _DIGITS.finditer(_TAGS.sub("", words)))
    for child in getattr(box, "children", ()):
        yield from _walk(child, page, origin, place, figures, folio, counted)


def _is_folio(box: Any) -> bool:
    return "counter" in str(box.style["content"]) if "content" in box.style else False


def _of(element: Any) -> _Origin | None:
    if kind := element.get("data-as"):
        return kind, ()
    for name, kind in (("data-indicator", "indicator"), ("data-about", "about")):
        if names := element.get(name):
            return kind, tuple(names.split())
    return None


def _span(place: str) -> Span | None:
    match = re.fullmatch(r"(.+?):(\d+):(\d+)", place)
    return Span(match[1], int(match[2]), int(match[3])) if match else None
