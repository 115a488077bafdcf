"""Drawings in SVG, as other programs write them: what cannot be printed, and how they are made ready for a press.

What is drawn is SVG 1.1 as far as the layout engine knows it (WeasyPrint 70, `svg/`). What it would leave out in
silence is a fault here. A drawing asks for nothing outside of it, and runs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

if TYPE_CHECKING:
    from builder.design.colour import RGB, Inks

_SVG = "http://www.w3.org/2000/svg"
_HREF = ("href", "{http://www.w3.org/1999/xlink}href")
# A document type that declares nothing itself, as Inkscape, R and matplotlib write it.
_DOCTYPE = re.compile(rb"<!DOCTYPE\s+svg[^>\[]*>", re.IGNORECASE)
_START = re.compile(rb"^(?:\xef\xbb\xbf)?\s*(?:<\?xml|<!--|<!DOCTYPE\s+svg|<svg|<\w+:svg)", re.IGNORECASE)
# What the layout engine draws, or what says how.
_DRAWN = frozenset(
    (
        *("svg", "g", "defs", "symbol", "use", "a", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon"),
        *("text", "tspan", "textPath", "linearGradient", "radialGradient", "stop", "clipPath", "mask", "pattern"),
        *("marker", "style", "title", "desc", "metadata", "view"),
    )
)
_MOVING = frozenset(("animate", "animateMotion", "animateTransform", "animateColor", "set"))
_FAULTS = {
    "script": ("it has a script", "export it again without"),
    "foreignObject": (
        "its labels are pieces of a web page (foreignObject), which would vanish",
        "export it with plain text in the drawing; in Mermaid: htmlLabels: false",
    ),
    "image": ("it has a picture of pixels in it", "save the whole as PNG, at its printed size"),
    "filter": (
        "it has effects such as shadows",
        "take them out, or save the whole as PNG, at its printed size",
    ),
    "moves": ("it moves", "export one moment of it"),
}
# The colours of gradients (`stop-color`) are mixed once the book is bound: the layout engine makes them of RGB alone.
_COLOURS = frozenset(("fill", "stroke", "color"))
# The parts of CSS's `font` (CSS Fonts 3, 3.7) that a drawing needs: size and family.
_FONT = re.compile(r"^(?P<before>.*?)(?P<size>[\d.]+(?:px|pt|mm|em|%)?)(?:\s*/\s*[\d.]+\w*)?\s+(?P<family>[^\d].*)$")
# More elements than this nobody draws by hand, and a page would take minutes.
_MOST = 200_000


class DrawingError(Exception):
    """What keeps a drawing from being printed, and what to do about it."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


def is_drawing(file: Path) -> bool:
    """Whether a file is SVG, by what is in it. Raises OSError where it cannot be read."""
    with file.open("rb") as opened:
        start = opened.read(4096)
    return bool(_START.match(start)) and (b"<svg" in start or b":svg" in start or file.suffix.lower() == ".svg")


def faults(data: bytes) -> Iterator[DrawingError]:
    """All that keeps a drawing from being printed as it is."""
    try:
        root = read(data)
    except DrawingError as error:
        yield error
        return
    found: dict[str, None] = {}
    for one in _elements(root):
        name = element_name(one)
        if name in _MOVING:
            found["moves"] = None
        elif name in _FAULTS:
            found[name] = None
        elif name and name not in _DRAWN and not _within(name, "fe"):
            yield DrawingError(f"it has <{name}>, which is not drawn", "export it as plain SVG 1.1, or as PDF or PNG")
        if any(key.lower().startswith("on") for key in one.attrib):
            found["script"] = None
        for asked in _asked(one):
            hint = "put what it needs into the drawing itself"
            yield DrawingError(f'it asks for "{asked[:60]}", which is outside of it', hint)
    yield from (DrawingError(*_FAULTS[name]) for name in found)
    if size_of(root) is None:
        yield DrawingError("it does not say how large it is", "give its first element a `viewBox`")
    if _drawn_times(root) > _MOST:
        yield DrawingError(f"it has more than {_MOST} shapes", "simplify it, or save it as PNG")


def words(data: bytes) -> str:
    """All that a drawing writes. Raises DrawingError."""
    texts = (one for one in read(data).iter() if element_name(one) == "text")
    return " ".join(" ".join("".join(one.itertext()).split()) for one in texts)


def families(data: bytes) -> tuple[str, ...]:
    """The families in which it writes: the first of each list. Raises DrawingError."""
    found: dict[str, None] = {}

    def noted(family: str) -> str:
        found[family] = None
        return family

    root = read(data)
    if any(element_name(one) == "text" for one in root.iter()):
        _rewrite(root, noted, lambda _colour, _opaque: None)
    return tuple(found)


def made_ready(data: bytes, known: frozenset[str], instead: str, inks: Callable[[RGB], Inks] | None) -> bytes:
    """The drawing for the layout engine: sized, its texts in `known` families or in `instead`, its colours mixed.

    `inks` mixes the screen's colours (0 to 1); without it they stay as they are. Raises DrawingError.
    """
    for fault in faults(data):
        raise fault
    root = read(data)
    wide, high = size_of(root) or (0.0, 0.0)
    if "viewBox" not in root.attrib:
        root.set("viewBox", f"0 0 {wide:g} {high:g}")
    root.set("width", f"{wide:g}")
    root.set("height", f"{high:g}")

    def family(name: str) -> str:
        return name if name in known else instead

    def mixed(colour: RGB, opaque: float) -> str | None:
        if inks is None:
            return None
        cyan, magenta, yellow, black = inks(colour)
        return f"device-cmyk({cyan:.4g} {magenta:.4g} {yellow:.4g} {black:.4g} / {opaque:.4g})"

    _rewrite(root, family, mixed)
    if "font-family" not in root.attrib:
        root.set("font-family", instead)
    ElementTree.register_namespace("", _SVG)
    ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    return ElementTree.tostring(root)


def read(data: bytes) -> ElementTree.Element:
    """The elements of a drawing. Raises DrawingError."""
    without = _DOCTYPE.sub(b"", data, count=1)
    if b"<!DOCTYPE" in without.upper() or b"<!ENTITY" in without.upper():
        message = "it declares entities of its own, which are not read"
        raise DrawingError(message, "export it again, without what keeps it editable in Illustrator")
    try:
        root = ElementTree.fromstring(without)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise DrawingError(f"it is damaged: {error}", "export it again") from error
    if element_name(root) != "svg":
        raise DrawingError("it is no drawing in SVG", "export it again as SVG")
    for parent in list(root.iter()):  # what editors note for themselves
        before = None
        for child in list(parent):
            if not isinstance(child.tag, str) or element_name(child):
                before = child
                continue
            if before is None:
                parent.text = (parent.text or "") + (child.tail or "")
            else:
                before.tail = (before.tail or "") + (child.tail or "")
            parent.remove(child)
    return root


def _elements(element: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """All elements but those of a web page in it."""
    yield element
    for child in element if element_name(element) != "foreignObject" else ():
        yield from _elements(child)


def element_name(element: ElementTree.Element) -> str:
    """The name of an element of SVG; empty for those of other vocabularies."""
    space, _, name = str(element.tag).rpartition("}")
    return name if space in ("", f"{{{_SVG}") else ""


def _within(name: str, start: str) -> bool:
    return name.startswith(start) and name[len(start) : len(start) + 1].isupper()


def _asked(element: ElementTree.Element) -> Iterator[str]:
    """What an element asks for outside of the drawing. A link asks for nothing until it is followed."""
    name = element_name(element)
    if name not in ("a", "image"):
        yield from (value for key in _HREF if (value := element.get(key, "").strip()) and not value.startswith("#"))
    styles = [value for value in element.attrib.values() if "url(" in value]
    styles += [element.text or ""] if name == "style" else []
    for style in styles:
        for found in re.findall(r"url\(\s*['\"]?([^'\")]*)", style):
            if not found.startswith(("#", "data:font", "data:application/font", "data:application/x-font")):
                yield found  # a font in the drawing itself is not used: the report has its own
        yield from re.findall(r"@import\s+['\"]([^'\"]+)", style)


def size_of(root: ElementTree.Element) -> tuple[float, float] | None:
    """Width and height in CSS px; those of its view box where it has no others."""
    own = [_length(root.get(side, "")) for side in ("width", "height")]
    if own[0] and own[1]:
        return own[0], own[1]
    box = re.findall(r"[-+.\de]+", root.get("viewBox", ""))
    try:
        wide, high = (float(value) for value in box[2:4])
    except ValueError:
        return None
    return (wide, high) if wide > 0 and high > 0 else None


def _length(written: str) -> float | None:
    found = re.fullmatch(r"\s*([\d.]+)\s*(px|pt|pc|mm|cm|in)?\s*", written)
    times = {"pt": 96 / 72, "pc": 16, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96}
    try:
        return float(found[1]) * times.get(found[2], 1) if found else None
    except ValueError:
        return None


def _drawn_times(root: ElementTree.Element) -> int:
    """How many elements are drawn, those that are used again each time they are; `_MOST` + 1 where there is no end."""
    named = {one.get("id"): one for one in root.iter() if one.get("id")}
    known: dict[int, int] = {}

    def count(element: ElementTree.Element, above: frozenset[int]) -> int:
        if id(element) in above or len(above) > 500:
            return _MOST + 1
        if id(element) not in known:
            inside = above | {id(element)}
            used = next((element.get(key, "") for key in _HREF if element.get(key)), "")
            again = named.get(used[1:]) if element_name(element) == "use" else None
            total = 1 + sum(count(child, inside) for child in element)
            known[id(element)] = min(_MOST + 1, total + (count(again, inside) if again is not None else 0))
        return known[id(element)]

    return count(root, frozenset())


def _rewrite(
    root: ElementTree.Element, family: Callable[[str], str], mixed: Callable[[RGB, float], str | None]
) -> None:
    """Every family and every colour, wherever a drawing may write it: in attributes, styles and its stylesheet."""
    import tinycss2

    def value(name: str, written: str) -> str:
        if name == "font-family":
            return family(written.split(",")[0].strip(" '\""))
        if name in _COLOURS and (colour := _colour(written)) is not None:
            return mixed(*colour) or written
        return written

    def declared(style: str) -> str:
        out = []
        for one in tinycss2.parse_blocks_contents(style, skip_comments=True, skip_whitespace=True):
            if one.type == "declaration":
                written = tinycss2.serialize(one.value).strip()
                font = _FONT.match(written) if one.lower_name == "font" else None
                if font:
                    out.append(f"font-size: {font['size']}; font-family: {value('font-family', font['family'])}")
                    out += [f"font-{what}: {w}" for what, w in _kinds(font["before"])]
                else:
                    out.append(f"{one.lower_name}: {value(one.lower_name, written)}")
        return "; ".join(out)

    for element in root.iter():
        for key, written in list(element.attrib.items()):
            element.set(key, declared(written) if key == "style" else value(key, written))
        if element_name(element) == "style":
            rules = tinycss2.parse_stylesheet(element.text or "", skip_comments=True, skip_whitespace=True)
            element.text = "\n".join(
                f"{tinycss2.serialize(rule.prelude)} {{ {declared(tinycss2.serialize(rule.content))} }}"
                for rule in rules
                if rule.type == "qualified-rule"
            )


def _kinds(words: str) -> Iterator[tuple[str, str]]:
    for word in words.split():
        if word in ("bold", "bolder") or word.isdecimal():
            yield "weight", "700" if word.startswith("bold") else word
        elif word in ("italic", "oblique"):
            yield "style", "italic"


def _colour(written: str) -> tuple[RGB, float] | None:
    """A colour of CSS as red, green and blue, and how opaque it is (0 to 1); None for `none`, `url(#g)` …"""
    from tinycss2 import color4

    try:
        found = color4.parse_color(written)
        if found is None or isinstance(found, str):
            return None
        red, green, blue, opaque = (float(part) for part in (*found.to("srgb").coordinates, found.alpha))
    except (ValueError, TypeError, NotImplementedError):
        return None
    return (min(max(red, 0.0), 1.0), min(max(green, 0.0), 1.0), min(max(blue, 0.0), 1.0)), opaque
