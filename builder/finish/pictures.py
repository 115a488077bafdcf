"""Pictures: the layout's stand-ins are exchanged for the real ones, in the edition's inks and resolution."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageOps

from builder.diagnostics import Diagnostic
from builder.edition import STEPS
from builder.finish.colour import Separation
from builder.scan import scan
from builder.standin import EXIF_ORIENTATION, SOURCE_FILE, standing_for

# A drawing has no more; what has is a photo.
_FEW_COLOURS = 4096
# Segments of a JPEG: where the picture begins, and those for Exif and XMP, IPTC, and comments.
_START_OF_SCAN, _METADATA = 0xDA, frozenset({0xE1, 0xED, 0xFE})


@dataclass(frozen=True, slots=True)
class Need:
    """What an edition asks of pictures: above `most` dpi they are brought to `need`; `flat` allows no soft masks.

    `quality` is that of JPEGs (0 to 95).
    """

    need: int
    most: int
    flat: bool
    quality: int = 95

    @property
    def squeezed(self) -> bool:
        """Whether space counts more than the finest detail."""
        return self.quality < STEPS[0].quality


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
            real[name][SOURCE_FILE] = String(name)
        except (OSError, ValueError, Image.DecompressionBombError) as error:
            problems.append(
                Diagnostic("bad-image", f'"{name}" cannot be printed: {error}', "save it again as JPEG or PNG, in sRGB")
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


def _real(book: pikepdf.Pdf, file: Path, resolution: float, separation: Separation, need: Need) -> Any:
    with Image.open(file) as opened:
        lossy = opened.format in ("JPEG", "MPO", "WEBP")
        turn = opened.getexif().get(EXIF_ORIENTATION, 1)
        scale = need.need / resolution if resolution > need.most else 1.0
        if (
            opened.format == "JPEG"
            and turn == 1
            and (opened.mode == separation.mode == "CMYK" or _plain(opened, separation, scale, need))
        ):
            jpeg = file.read_bytes()
            if separation.mode == "RGB":
                jpeg = _without_metadata(jpeg)
            return _jpeg(book, jpeg, opened.size, opened.mode, "APP14" in getattr(opened, "app", {}))
        wide, high = opened.size[::-1] if turn >= 5 else opened.size
        size = max(1, round(wide * scale)), max(1, round(high * scale))
        profile = opened.info.get("icc_profile")
        if lossy:  # as it is read, a JPEG can be brought near to its size, never below it
            opened.draft(None, size[::-1] if turn >= 5 else size)
        picture, alpha = _channels(ImageOps.exif_transpose(opened))
    if alpha is not None and need.flat:
        ground = Image.new(picture.mode, picture.size, "white")
        ground.paste(picture, mask=alpha)
        picture, alpha = ground, None
    inked = _inked(picture, profile, separation)
    if inked.size != size:
        inked = inked.resize(size, Image.Resampling.LANCZOS)
        alpha = alpha.resize(size, Image.Resampling.LANCZOS) if alpha is not None else None
    if need.squeezed and alpha is None and inked.getcolors(_FEW_COLOURS) is None:
        lossy = True  # a photo saved without loss
    image = _encode(book, inked, lossy, need.quality)
    if alpha is not None:
        image.SMask = _encode(book, alpha, False, need.quality)
    return image


def _inked(picture: Image.Image, profile: bytes | None, separation: Separation) -> Image.Image:
    """The picture in the channels of the edition; inks stay as they are on the press."""
    if picture.mode == "CMYK" == separation.mode:
        return picture
    return separation.greys(picture, profile) if picture.mode == "L" else separation.convert(picture, profile)


def _plain(opened: Image.Image, separation: Separation, scale: float, need: Need) -> bool:
    """A JPEG that a screen edition can take as it is: sRGB or grey, and not too large."""
    whole = scale == 1 and not need.squeezed
    return separation.mode == "RGB" and whole and opened.mode in ("RGB", "L") and "icc_profile" not in opened.info


def _without_metadata(jpeg: bytes) -> bytes:
    """A JPEG without what a camera notes beside the picture, such as where it stood (ITU-T T.81, B.2.4)."""
    out, at = bytearray(jpeg[:2]), 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF and jpeg[at + 1] != _START_OF_SCAN:
        after = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if jpeg[at + 1] not in _METADATA:
            out += jpeg[at:after]
        at = after
    return bytes(out) + jpeg[at:]


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


def _encode(book: pikepdf.Pdf, picture: Image.Image, lossy: bool, quality: int) -> Any:
    if lossy:
        out = BytesIO()
        picture.save(out, "JPEG", quality=quality, subsampling=0 if picture.mode == "CMYK" else 2)
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
