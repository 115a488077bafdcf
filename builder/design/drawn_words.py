"""Words of a drawing that run out of it in the report's own type, and would be cut off at its edge."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias
from xml.etree import ElementTree

from builder.design.drawings import element_name, read, size_of

# How wide words are in a size (px), and whether they are bold: px.
Width: TypeAlias = Callable[[str, float, bool], float]
# What is inherited, as far as it matters here.
_INHERITED = ("font-size", "font-weight", "text-anchor")
_TRANSFORM = re.compile(r"(translate|scale|matrix|rotate|skewX|skewY)\s*\(([^)]*)\)")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?", re.IGNORECASE)
# So much of the drawing's width may be missing: measures of type differ by kerning.
_SLACK = 0.01


def cut_off(data: bytes, width: Width) -> Iterator[str]:
    """The lines of words that begin or end outside of the drawing. Raises DrawingError.

    Turned words, and those whose size a stylesheet gives, are not measured.
    """
    root = read(data)
    size = size_of(root)
    box = [float(one) for one in _NUMBER.findall(root.get("viewBox", ""))]
    if len(box) != 4 and size is not None:
        box = [0.0, 0.0, *size]
    if len(box) != 4 or any(element_name(one) == "style" for one in root.iter()):
        return
    left, wide = box[0], box[2]
    for words, begin, end in _lines(root, (1.0, 0.0), {}, width):
        if begin < left - _SLACK * wide or end > left + wide * (1 + _SLACK):
            yield words


def _lines(
    element: ElementTree.Element, placed: tuple[float, float], above: dict[str, str], width: Width
) -> Iterator[tuple[str, float, float]]:
    """Lines of words, and from where to where they run. `placed` are scale and shift of what is above `element`."""
    name = element_name(element)
    own = _moved(element.get("transform", ""), placed)
    if own is None or name in ("defs", "symbol", "clipPath", "mask", "pattern", "marker"):
        return
    style = above | {key: value for key in _INHERITED if (value := _styled(element, key))}
    if name == "text":
        yield from _text(element, own, style, width)
        return
    for child in element:
        yield from _lines(child, own, style, width)


def _text(
    text: ElementTree.Element, placed: tuple[float, float], above: dict[str, str], width: Width
) -> Iterator[tuple[str, float, float]]:
    """The lines of one text: each part of it with a place of its own begins one."""
    parts: list[tuple[float, str, dict[str, str]]] = []
    for part in (text, *text):
        style = above | {key: value for key in _INHERITED if (value := _styled(part, key))}
        said = " ".join((part.text or "").split())
        if part is text or part.get("x") is not None:
            places = _NUMBER.findall(part.get("x", "0"))
            parts.append((float(places[0]) if len(places) == 1 else 0.0, said, style))
        elif parts:
            x, before, first = parts[-1]
            parts[-1] = (x, f"{before} {said}".strip(), first)
    for x, said, style in parts:
        sizes = _NUMBER.findall(style.get("font-size", "16"))
        if not said or not sizes or not re.fullmatch(r"\s*[\d.]+(px)?\s*", style.get("font-size", "16")):
            continue
        weight = style.get("font-weight", "400")
        wide = width(said, float(sizes[0]), weight == "bold" or (weight.isdecimal() and int(weight) >= 600))
        begin = x - {"middle": wide / 2, "end": wide}.get(style.get("text-anchor", "start"), 0.0)
        scale, shift = placed
        yield said, begin * scale + shift, (begin + wide) * scale + shift


def _moved(transform: str, placed: tuple[float, float]) -> tuple[float, float] | None:
    """Scale and shift from left to right below a transform; None where it turns what it holds, or mirrors it."""
    scale, shift = placed
    for kind, written in _TRANSFORM.findall(transform):
        values = [float(one) for one in _NUMBER.findall(written)]
        match kind, values:
            case "translate", [x, *_]:
                shift += scale * x
            case "scale", [x, *_] if x > 0:
                scale *= x
            case "matrix", [a, b, c, _, x, _] if a > 0 and b == c == 0:
                scale, shift = scale * a, shift + scale * x
            case _:
                return None
    return scale, shift


def _styled(element: ElementTree.Element, key: str) -> str:
    """A property, as an attribute or in the `style` of an element."""
    found = re.search(rf"(?:^|;)\s*{key}\s*:\s*([^;]+)", element.get("style", ""))
    return found[1].strip() if found else element.get(key, "").strip()
