"""Identical streams are stored once: signs that come again in figures, empty pages, marks."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name

from builder.pdf.scan.resources import resources

# Where resources name streams (ISO 32000-1, table 33).
_KINDS = (Name.XObject, Name.Pattern, Name.Shading)


def share_equal_streams(book: pikepdf.Pdf) -> None:
    """Let all that name equal streams name the first of them."""
    changed = True
    while changed:  # those that hold others are equal only when these are one
        changed = False
        known: dict[bytes, Any] = {}
        for place, key, stream in list(_places(book)):
            first = known.setdefault(_digest(stream), stream)
            if first.objgen != stream.objgen:
                place[key] = first
                changed = True


def _places(book: pikepdf.Pdf) -> Iterator[tuple[Any, str, Any]]:
    pages = [page.obj for page in book.pages]
    for page in pages:
        if isinstance(page.get(Name.Contents), pikepdf.Stream):
            yield page, "/Contents", page.Contents
    for _, held in resources(pages):
        for kind in _KINDS:
            named = held.get(kind)
            for key, stream in named.items() if isinstance(named, Dictionary) else ():
                if isinstance(stream, pikepdf.Stream):
                    yield named, key, stream


def _digest(stream: Any) -> bytes:
    whole = sha256(stream.read_raw_bytes())
    for key, value in sorted(stream.items()):
        said = _used(stream, value) if key == Name.Resources else _said(value)
        whole.update(key.encode() + b" " + said + b"\0")
    return whole.digest()


def _used(form: Any, resources: Any) -> bytes:
    """What a form names of its resources, which may be those of a whole page."""
    content = form.read_bytes()
    found = [
        kind.encode() + key.encode() + _said(value)
        for kind, named in sorted(resources.items())
        if isinstance(named, Dictionary)
        for key, value in sorted(named.items())
        if key.encode() in content
    ]
    return b"\0".join(found)


def _said(value: Any) -> bytes:
    """A value as the file has it; what is an object of its own, by its number."""
    if isinstance(value, Dictionary) and not value.is_indirect:
        return b"".join(key.encode() + _said(one) for key, one in sorted(value.items()))
    return value.unparse() if isinstance(value, pikepdf.Object) else repr(value).encode()
