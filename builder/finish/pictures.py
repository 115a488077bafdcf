"""Pictures: the layout's stand-ins are exchanged for the real ones, in the edition's inks and resolution."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageOps

from builder.diagnostics import Diagnostic
from builder.finish.colour import Separation
from builder.scan import scan
from builder.standin import EXIF_ORIENTATION, standing_for

QUALITY = {"CMYK": 95, "RGB": 85}


@dataclass(frozen=True, slots=True)
class Need:
    """What an edition asks of pictures: above `most` dpi they are brought to `need`; `flat` allows no soft masks."""

    need: int
    most: int
    flat: bool


def exchange(book: pikepdf.Pdf, root: Path, separation: Separation, need: Need) -> tuple[Diagnostic, ...]:
    """Put the real pictures in the place of all stand-ins, each once in the file. Names are paths from `root`."""
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
        for one in scan(page).painted:
            if one.picture is not None and (found := names.get(one.picture.object)) is not None:
                lowest[found] = min(one.resolution, lowest.get(found, one.resolution))
    problems: list[Diagnostic] = []
    real: dict[str, Any] = {}
    for name in dict.fromkeys(names.values()):
        try:
            # Where it is placed at several sizes, the largest place decides.
            real[name] = _real(book, root / name, lowest.get(name, float(need.need)), separation, need)
        except (OSError, ValueError, Image.DecompressionBombError) as error:
            problems.append(
                Diagnostic("bad-image", f'"{name}" cannot be printed: {error}', "save it again as JPEG or PNG, in sRGB")
            )
    for place, key, name in uses:
        if name in real:
            place[Name(key)] = real[name]
    return tuple(problems)


def _resources(book: pikepdf.Pdf) -> Iterator[Any]:
    """The resource dictionaries of pages, forms and patterns."""
    waiting = [page.obj.get(Name.Resources, Dictionary()) for page in book.pages]
    seen: set[tuple[int, int]] = set()
    while waiting:
        resources = waiting.pop()
        yield resources
        for kind in (Name.XObject, Name.Pattern):
            for _, one in resources.get(kind, Dictionary()).items():
                if one.objgen not in seen and Name.Resources in one:
                    seen.add(one.objgen)
                    waiting.append(one.Resources)


def _real(book: pikepdf.Pdf, file: Path, resolution: float, separation: Separation, need: Need) -> Any:
    with Image.open(file) as opened:
        lossy = opened.format in ("JPEG", "MPO")
        scale = need.need / resolution if resolution > need.most else 1.0
        upright = opened.getexif().get(EXIF_ORIENTATION, 1) == 1
        as_is = lossy and upright and (opened.mode == separation.mode == "CMYK" or _plain(opened, separation, scale))
        if as_is:
            return _jpeg(book, file.read_bytes(), opened.size, opened.mode, "APP14" in getattr(opened, "app", {}))
        if scale < 0.5 and lossy:
            opened.draft(None, (round(opened.width * scale), round(opened.height * scale)))
        size = round(opened.width * scale), round(opened.height * scale)
        profile = opened.info.get("icc_profile")
        picture, alpha = _channels(ImageOps.exif_transpose(opened))
        picture.info["icc_profile"] = profile
        if not upright:
            size = round(picture.width * scale), round(picture.height * scale)
        if scale < 1:
            size = max(1, size[0]), max(1, size[1])
    if alpha is not None and need.flat:
        ground = Image.new(picture.mode, picture.size, "white")
        ground.paste(picture, mask=alpha)
        ground.info["icc_profile"] = profile
        picture, alpha = ground, None
    if picture.mode == "L" and profile is None and separation.mode == "CMYK":
        inked = picture.point([round(255 * (1 - separation.black(grey / 255))) for grey in range(256)])
    elif picture.mode == "CMYK" == separation.mode or (picture.mode == "L" and profile is None):
        inked = picture
    else:
        inked = separation.convert(picture)
    if scale < 1:
        inked = inked.resize(size, Image.Resampling.LANCZOS)
        alpha = alpha.resize(size, Image.Resampling.LANCZOS) if alpha is not None else None
    image = _encode(book, inked, lossy)
    if alpha is not None:
        image.SMask = _encode(book, alpha, False)
    return image


def _plain(opened: Image.Image, separation: Separation, scale: float) -> bool:
    """A JPEG that a screen edition can take as it is: sRGB or grey, and not too large."""
    return separation.mode == "RGB" and scale == 1 and opened.mode in ("RGB", "L") and "icc_profile" not in opened.info


def _channels(picture: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """As L, RGB or CMYK with eight bits, and its transparency apart."""
    if picture.mode.startswith("I"):  # 16 bits of grey, of which a press shows eight
        wide = picture.convert("I")
        deep = picture.mode.startswith("I;16") or (wide.getextrema()[1] or 0) > 255  # type: ignore[operator]
        return (wide.point(lambda v: v / 257) if deep else wide).convert("L"), None
    alpha = None
    if picture.mode in ("LA", "PA", "RGBA") or "transparency" in picture.info:
        picture = picture.convert("LA" if picture.mode == "LA" else "RGBA")
        alpha = picture.getchannel("A")
        if alpha.getextrema() == (255, 255):
            alpha = None
    if picture.mode in ("L", "LA", "1"):
        return picture.convert("L"), alpha
    return (picture if picture.mode == "CMYK" else picture.convert("RGB")), alpha


_SPACES: Mapping[str, Name] = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB, "CMYK": Name.DeviceCMYK}


def _encode(book: pikepdf.Pdf, picture: Image.Image, lossy: bool) -> Any:
    if lossy:
        out = BytesIO()
        picture.save(out, "JPEG", quality=QUALITY.get(picture.mode, 85), subsampling=0 if picture.mode == "CMYK" else 2)
        return _jpeg(book, out.getvalue(), picture.size, picture.mode, picture.mode == "CMYK")
    image = book.make_stream(picture.tobytes())
    _describe(image, picture.size, picture.mode)
    return image


def _jpeg(book: pikepdf.Pdf, jpeg: bytes, size: tuple[int, int], mode: str, adobe: bool) -> Any:
    """Adobe's JPEGs in CMYK are inverted (Adobe Technical Note 5116, 18)."""
    image = pikepdf.Stream(book, jpeg)
    _describe(image, size, mode)
    image.Filter = Name.DCTDecode
    if mode == "CMYK" and adobe:
        image.Decode = Array([1, 0] * 4)
    return book.make_indirect(image)


def _describe(image: Any, size: tuple[int, int], mode: str) -> None:
    image.Type, image.Subtype = Name.XObject, Name.Image
    image.Width, image.Height = size
    image.ColorSpace = _SPACES[mode]
    image.BitsPerComponent = 8
