"""Pictures: the layout's stand-ins are exchanged for the real ones, in the edition's inks and resolution."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from builder.diagnostics import Diagnostic
from builder.picture import Need, Prepared
from builder.scan import scan
from builder.standin import SOURCE_FILE, standing_for

# Forms within forms, deeper than any layout goes.
_DEEPEST = 12
# Pictures by their names, which are paths in the project, and to what part of their size each is brought (0 to 1);
# back comes each as it is to be printed, or what is wrong with it.
Prepare: TypeAlias = Callable[[Mapping[str, float], Need], Iterable[tuple[str, Prepared | str]]]


def exchange(book: pikepdf.Pdf, need: Need, prepare: Prepare) -> tuple[Diagnostic, ...]:
    """Put the real pictures in the place of all stand-ins, each once in the file."""
    names: dict[tuple[int, int], str] = {}
    uses: list[tuple[Any, str, str]] = []
    for resources in _resources(book):
        for key, image in resources.get(Name.XObject, Dictionary()).items():
            if image.objgen not in names and (name := standing_for(image)) is not None:
                names[image.objgen] = name
            if image.objgen in names:
                uses.append((resources.XObject, key, names[image.objgen]))
    if not uses:
        return ()
    lowest: dict[str, float] = {}
    for page in book.pages:
        if not _shows(page.obj, _content(page), names.keys()):
            continue
        for one in scan(page).painted:
            if one.picture is not None and (found := names.get(one.picture.object)) is not None:
                lowest[found] = min(one.resolution, lowest.get(found, one.resolution))
    # Where a picture is placed at several sizes, the largest place decides.
    wanted = {name: need.scale(lowest.get(name, float(need.need))) for name in names.values()}
    problems: list[Diagnostic] = []
    real: dict[str, Any] = {}
    for name, made in prepare(wanted, need):
        if isinstance(made, Prepared):
            real[name] = _image(book, made)
            real[name][SOURCE_FILE] = String(name)
        else:
            problems.append(
                Diagnostic("bad-image", f'"{name}" cannot be printed: {made}', "save it again as JPEG or PNG, in sRGB")
            )
    for place, key, name in uses:
        if name in real:
            place[Name(key)] = real[name]
    return tuple(problems)


def _resources(book: pikepdf.Pdf) -> Iterator[Any]:
    """Every resource dictionary of the file, whatever uses it: pages, forms, patterns, masks."""
    for one in book.objects:
        if isinstance(one, Dictionary) and isinstance(one.get(Name.XObject), Dictionary):
            yield one
        if isinstance(one, Dictionary | pikepdf.Stream):
            own = one.get(Name.Resources)
            if isinstance(own, Dictionary) and not own.is_indirect and isinstance(own.get(Name.XObject), Dictionary):
                yield own


_SPACES: Mapping[str, Name] = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB, "CMYK": Name.DeviceCMYK}


def _content(page: pikepdf.Page) -> bytes:
    content = page.obj.get(Name.Contents, Array())
    parts: Any = [content] if isinstance(content, pikepdf.Stream) else content
    return b"".join(one.read_bytes() for one in parts)


def _shows(place: Any, content: bytes, images: Collection[tuple[int, int]], depth: int = 0) -> bool:
    """Whether a page, or a form on it, paints one of these images: a search of names, much faster than to paint it."""
    held = place.get(Name.Resources, Dictionary())
    for kind in (Name.XObject, Name.Pattern, Name.ExtGState):
        for key, one in held.get(kind, Dictionary()).items():
            if key.encode() not in content:
                continue
            if kind == Name.ExtGState:
                mask = one.get(Name.SMask)
                one = mask.get(Name.G) if isinstance(mask, Dictionary) else None
            if not isinstance(one, pikepdf.Stream):
                continue
            image = one.get(Name.Subtype) == Name.Image
            if one.objgen in images or depth > _DEEPEST:
                return True
            if not image and _shows(one, one.read_bytes(), images, depth + 1):
                return True
    return False


def _image(book: pikepdf.Pdf, made: Prepared) -> Any:
    """Adobe's JPEGs in CMYK are inverted (Adobe Technical Note 5116, 18)."""
    image = book.make_stream(made.data)
    image.Type, image.Subtype = Name.XObject, Name.Image
    image.Width, image.Height = made.size
    image.ColorSpace = _SPACES[made.mode]
    image.BitsPerComponent = 8
    if made.jpeg:
        image.Filter = Name.DCTDecode
    if made.inverted:
        image.Decode = Array([1, 0] * 4)
    if made.alpha is not None:
        image.SMask = _image(book, made.alpha)
    return image
