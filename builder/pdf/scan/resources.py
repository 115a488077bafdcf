"""What pages name to paint with: their resources, and those of the forms, patterns and masks among these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name


def resources(pages: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """Each resource dictionary that these pages lead to (ISO 32000-1, 7.8.3), once, and the page or stream it is of."""
    waiting = list(pages)[::-1]
    seen: set[tuple[int, int]] = set()
    while waiting:
        holder = waiting.pop()
        held = holder.get(Name.Resources)
        if not isinstance(held, Dictionary) or (held.is_indirect and held.objgen in seen):
            continue
        seen.add(held.objgen)
        yield holder, held
        for _, stream in painting(held):
            if stream.get(Name.Subtype) != Name.Image and stream.objgen not in seen:
                seen.add(stream.objgen)
                waiting.append(stream)


def painting(held: Any) -> Iterator[tuple[str, Any]]:
    """The streams among resources that may paint, with their keys: images, forms, patterns, and the forms of masks."""
    for kind in (Name.XObject, Name.Pattern, Name.ExtGState):
        for key, one in held.get(kind, Dictionary()).items():
            if kind == Name.ExtGState:
                mask = one.get(Name.SMask)
                one = mask.get(Name.G) if isinstance(mask, Dictionary) else None
            if isinstance(one, pikepdf.Stream):
                yield key, one
