"""One picture as an edition prints it: in its inks, at its resolution, as the bytes that its PDF holds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps

from builder.design.colour import Separation
from builder.design.duotone import Duotone
from builder.design.pdf_pages import NOMINAL, page_picture
from builder.design.pixels import channels, opened, orientation, whole_pictures

# How much finer than photos pages of PDFs are printed; the profiles of printers warn of more than 450 dpi.
_FINER = 1.5
# A drawing has no more; what has is a photo.
_FEW_COLOURS = 4096
# Segments of a JPEG: where the picture begins, and those for Exif and XMP, IPTC, and comments.
_START_OF_SCAN, _METADATA = 0xDA, frozenset({0xE1, 0xED, 0xFE})


@dataclass(frozen=True, slots=True)
class Need:
    """What an edition asks of pictures: above `most` dpi they are brought to `need`; `flat` allows no soft masks.

    `quality` is that of JPEGs (0 to 95). Where it is `squeezed`, space counts more than the finest detail.
    """

    need: int
    most: int
    flat: bool
    quality: int = 95
    squeezed: bool = False

    def scale(self, resolution: float) -> float:
        """To what part of its size a picture is brought that would be printed at `resolution` dpi."""
        return self.need / resolution if resolution > self.most else 1.0


@dataclass(frozen=True, slots=True)
class Prepared:
    """The data of an image: a JPEG, or its channels one after the other; `alpha` is its soft mask.

    `mode` is L, RGB or CMYK, and `size` in pixels. The inks of an `inverted` one are written the other way round.
    """

    data: bytes
    size: tuple[int, int]
    mode: str
    jpeg: bool = False
    inverted: bool = False
    alpha: Prepared | None = None


def prepare(
    file: Path, scale: float, separation: Separation, need: Need, page: int = 0, tone: Duotone | None = None
) -> Prepared | str:
    """One picture, or a `page` of a PDF, in its own colours or in a `tone`; or what is wrong with it."""
    if page:
        return _page(file, page, scale, separation, need, tone)
    with whole_pictures():
        try:
            read = _read(file, scale, separation, need, as_it_is=tone is None)
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            return str(error)
    return read if isinstance(read, Prepared) else _converted(read, separation, need, tone)


def _page(
    file: Path, number: int, scale: float, separation: Separation, need: Need, tone: Duotone | None
) -> Prepared | str:
    """A page of a PDF, finer than a photo: it has letters. What has no colour is on the black plate alone."""
    try:
        picture = page_picture(file, number, NOMINAL * min(1.0, _FINER * scale))
    except (ValueError, OSError) as error:
        return str(error)
    return _converted(_Read(picture, None, None, picture.size, lossy=picture.mode != "L"), separation, need, tone)


@dataclass(frozen=True, slots=True)
class _Read:
    """The channels of a picture, upright; `size` is that to which it is brought."""

    picture: Image.Image
    alpha: Image.Image | None
    profile: bytes | None
    size: tuple[int, int]
    lossy: bool


def _read(file: Path, scale: float, separation: Separation, need: Need, *, as_it_is: bool) -> Prepared | _Read:
    """The pixels; or the file `as_it_is`, where that is what the edition needs. Raises what Pillow raises."""
    with opened(file) as found:
        lossy = found.format in ("JPEG", "MPO", "WEBP", "AVIF", "HEIF")
        turn = orientation(found)
        if (
            as_it_is
            and found.format == "JPEG"
            and turn == 1
            and (found.mode == separation.mode == "CMYK" or _plain(found, separation, scale, need))
        ):
            jpeg = file.read_bytes()
            if separation.mode == "RGB":
                jpeg = _without_metadata(jpeg)
            inverted = found.mode == "CMYK" and "APP14" in getattr(found, "app", {})
            asis = Prepared(jpeg, found.size, found.mode, jpeg=True, inverted=inverted)
            found.draft(None, (1, 1))
            found.load()  # small: that is enough to know whether all is there
            return asis
        wide, high = found.size[::-1] if turn >= 5 else found.size
        size = max(1, round(wide * scale)), max(1, round(high * scale))
        profile = found.info.get("icc_profile")
        if lossy:  # as it is read, a JPEG can be brought near to its size, never below it
            found.draft(None, size[::-1] if turn >= 5 else size)
        found.load()
        picture, alpha = channels(ImageOps.exif_transpose(found) if turn != 1 else found)
        return _Read(picture, alpha, profile, size, lossy)


def _converted(read: _Read, separation: Separation, need: Need, tone: Duotone | None) -> Prepared:
    picture, alpha, size, lossy = read.picture, read.alpha, read.size, read.lossy
    if alpha is not None and need.flat:
        ground = Image.new(picture.mode, picture.size, "white")
        ground.paste(picture, mask=alpha)
        picture, alpha = ground, None
    inked = _inked(picture, read.profile, separation) if tone is None else tone.printed(_grey(picture, read.profile))
    if inked.size != size:
        inked = inked.resize(size, Image.Resampling.LANCZOS)
        alpha = alpha.resize(size, Image.Resampling.LANCZOS) if alpha is not None else None
    if need.squeezed and alpha is None and inked.getcolors(_FEW_COLOURS) is None:
        lossy = True  # a photo saved without loss
    mask = _encode(alpha, False, need.quality) if alpha is not None else None
    return replace(_encode(inked, lossy, need.quality), alpha=mask)


def _inked(picture: Image.Image, profile: bytes | None, separation: Separation) -> Image.Image:
    """The picture in the channels of the edition; inks stay as they are on the press."""
    if picture.mode == "CMYK" == separation.mode:
        return picture
    return separation.greys(picture, profile) if picture.mode == "L" else separation.convert(picture, profile)


def _grey(picture: Image.Image, profile: bytes | None) -> Image.Image:
    return Separation(None).convert(picture, profile).convert("L")


def _plain(found: Image.Image, separation: Separation, scale: float, need: Need) -> bool:
    """A JPEG that a screen edition can take as it is: sRGB or grey, and not too large."""
    whole = scale == 1 and not need.squeezed
    return separation.mode == "RGB" and whole and found.mode in ("RGB", "L") and "icc_profile" not in found.info


def _without_metadata(jpeg: bytes) -> bytes:
    """A JPEG without what a camera notes beside the picture, such as where it stood (ITU-T T.81, B.2.4)."""
    out, at = bytearray(jpeg[:2]), 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF and jpeg[at + 1] != _START_OF_SCAN:
        after = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if jpeg[at + 1] not in _METADATA:
            out += jpeg[at:after]
        at = after
    return bytes(out) + jpeg[at:]


def _encode(picture: Image.Image, lossy: bool, quality: int) -> Prepared:
    if not lossy:
        return Prepared(picture.tobytes(), picture.size, picture.mode)
    picture.info = {}  # what was noted beside the picture, such as a comment, would be saved with it
    out = BytesIO()
    picture.save(out, "JPEG", quality=quality, subsampling=0 if picture.mode == "CMYK" else 2)
    return Prepared(out.getvalue(), picture.size, picture.mode, jpeg=True, inverted=picture.mode == "CMYK")
