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
_INHERITED = ("font", "font-size", "font-weight", "text-anchor")
# What is drawn elsewhere, if it is.
_ELSEWHERE = frozenset(("defs", "symbol", "clipPath", "mask", "pattern", "marker"))
_TRANSFORM = re.compile(r"(translate|scale|matrix|rotate|skewX|skewY)\s*\(([^)]*)\)")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?", re.IGNORECASE)
# So much of the drawing's width may be missing: measures of type differ by kerning.
_SLACK = 0.01


def cut_off(data: bytes, width: Width) -> Iterator[str]:
    """The lines of words that begin or end outside of the drawing. Raises DrawingError.

    What is not understood for certain is not judged: turned words, those in `use` and in drawings within the drawing,
    and those whose size or place a stylesheet, a percentage or a list gives.
    """
    root = read(data)
    size = size_of(root)
    box = [float(one) for one in _NUMBER.findall(root.get("viewBox", ""))]
    if len(box) != 4 and size is not None:
        box = [0.0, 0.0, *size]
    if len(box) != 4 or size is None or any(element_name(one) == "style" for one in root.iter()):
        return
    left, _, wide, high = box
    if not wide or not high or abs(size[0] / size[1] * high / wide - 1) > _SLACK:  # there is more beside it
        return
    for words, begin, end in _lines(root, (1.0, 0.0), {}, width):
        if begin < left - _SLACK * wide or end > left + wide * (1 + _SLACK):
            yield words


def _lines(
    element: ElementTree.Element, placed: tuple[float, float], above: dict[str, str], width: Width
) -> Iterator[tuple[str, float, float]]:
    """Lines of words, and from where to where they run. `placed` are scale and shift of what is above `element`."""
    name = element_name(element)
    own = _moved(element.get("transform", ""), placed)
    if own is None or name in _ELSEWHERE or _hidden(element):
        return
    style = _inherited(element, above)
    if name == "text":
        yield from _text(element, own, style, width)
        return
    for child in element:
        if element_name(child) != "svg":
            yield from _lines(child, own, style, width)


def _text(
    text: ElementTree.Element, placed: tuple[float, float], style: dict[str, str], width: Width
) -> Iterator[tuple[str, float, float]]:
    """The lines of one text: each part of it with a place of its own begins one."""
    parts: list[tuple[float, list[str], dict[str, str]]] = []
    if any(one.get("textLength") or one.get("dx") or _hidden(one) for one in text.iter()):
        return

    def walk(part: ElementTree.Element, own: dict[str, str]) -> bool:
        """Whether all of a part is understood."""
        if part is text or part.get("x") is not None:
            if not re.fullmatch(r"\s*[-+]?[\d.]+(?:px)?\s*", part.get("x", "0")):
                return False
            parts.append((float(_NUMBER.findall(part.get("x", "0"))[0]), [], own))
        parts[-1][1].append(part.text or "")
        for child in part:
            if not walk(child, _inherited(child, own)):
                return False
            parts[-1][1].append(child.tail or "")
        return True

    if not walk(text, style):
        return
    for x, pieces, own in parts:
        said, written = " ".join("".join(pieces).split()), own.get("font-size", "16")
        if not said or not re.fullmatch(r"\s*[\d.]+(?:px)?\s*", written) or "font" in own:
            continue
        weight = own.get("font-weight", "400")
        bold = weight in ("bold", "bolder") or (weight.isdecimal() and int(weight) >= 600)
        wide = width(said, float(_NUMBER.findall(written)[0]), bold)
        begin = x - {"middle": wide / 2, "end": wide}.get(own.get("text-anchor", "start"), 0.0)
        scale, shift = placed
        yield said, begin * scale + shift, (begin + wide) * scale + shift


def _inherited(element: ElementTree.Element, above: dict[str, str]) -> dict[str, str]:
    return above | {key: value for key in _INHERITED if (value := _styled(element, key))}


def _hidden(element: ElementTree.Element) -> bool:
    return _styled(element, "display") == "none" or _styled(element, "visibility") in ("hidden", "collapse")


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
