"""Pictures: which a section shows, and the real ones in the place of the layout's stand-ins."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from builder.model.fragment import Fragment
from builder.pages.standin import has_stand_ins, standing_for
from builder.pdf.scan import scan
from builder.pdf.scan.resources import painting, resources

# Forms within forms; beyond this a form may paint itself, and the page is scanned to be sure.
_DEEPEST = 12


def placed(fragments: Sequence[Fragment]) -> dict[str, float | None]:
    """The pictures of all sections by name, each with the dpi of its largest place; None where none is seen."""
    found: dict[str, float | None] = {}
    for fragment in fragments:
        if has_stand_ins(fragment.pdf):
            with pikepdf.open(BytesIO(fragment.pdf)) as pdf:
                for name, dpi in _placed(pdf):
                    before = found.get(name)
                    found[name] = dpi if before is None or (dpi is not None and dpi < before) else before
    return found


def _placed(pdf: pikepdf.Pdf) -> Iterator[tuple[str, float | None]]:
    pages = [page.obj for page in pdf.pages]
    names = {image.objgen: name for _, _, image, name in _stand_ins(pages)}
    yield from ((name, None) for name in names.values())
    for page in pdf.pages:
        if _shows(page.obj, _content(page), names.keys()):
            for one in scan(page).painted:
                if one.picture is not None and one.picture.object in names:
                    yield names[one.picture.object], one.resolution


def exchange(pages: Sequence[Any], pictures: Mapping[str, Any]) -> None:
    """Put the real pictures in the place of the stand-ins on these pages."""
    for place, key, _, name in list(_stand_ins(pages)):
        place[Name(key)] = pictures[name]


def _stand_ins(pages: Sequence[Any]) -> Iterator[tuple[Any, str, Any, str]]:
    """Each place where resources name a stand-in: the dictionary, the key, the stand-in and for what it stands."""
    for _, held in resources(pages):
        named = held.get(Name.XObject, Dictionary())
        for key, image in named.items():
            if (name := standing_for(image)) is not None:
                yield named, key, image, name


def _content(page: pikepdf.Page) -> bytes:
    content = page.obj.get(Name.Contents, Array())
    parts: Any = [content] if isinstance(content, pikepdf.Stream) else content
    return b"".join(one.read_bytes() for one in parts)


def _shows(place: Any, content: bytes, images: Collection[tuple[int, int]], depth: int = 0) -> bool:
    """Whether a page, or a form on it, paints one of these images: a search of names, much faster than to paint it."""
    for key, one in painting(place.get(Name.Resources, Dictionary())):
        if key.encode() not in content:
            continue
        if one.objgen in images or depth > _DEEPEST:
            return True
        if one.get(Name.Subtype) != Name.Image and _shows(one, one.read_bytes(), images, depth + 1):
            return True
    return False
