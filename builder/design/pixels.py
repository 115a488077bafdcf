"""Pictures of pixels as they are read (the adapter for Pillow): which formats, how large, how they are turned."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageFile, ImageOps

from builder.runtime.quiet import quiet

# The formats of files of pixels, by what is in them and not by their names. Nothing else is ever opened as a picture:
# for EPS, Pillow would run what is in the file (Pillow, "Image file formats": EPS is read with Ghostscript).
FORMATS = ("JPEG", "PNG", "GIF", "TIFF", "WEBP", "BMP", "AVIF")
# What telephones write, by the brand at its beginning (ISO 23008-12, 10.2).
_HEIF = frozenset((b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"))
EXIF_ORIENTATION = 0x0112


@contextmanager
def whole_pictures() -> Iterator[None]:
    """A file that breaks off is a fault: WeasyPrint has Pillow tolerate it in the whole process."""
    tolerant = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with large_pictures():
            yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = tolerant


def opened(file: Path | BytesIO) -> Image.Image:
    """The picture in `file`, its pixels not yet read. Raises what Pillow raises where it is none of FORMATS."""
    if _start(file)[4:8] == b"ftyp" and _start(file)[8:12] in _HEIF:
        from pillow_heif import register_heif_opener

        register_heif_opener()
        return Image.open(file, formats=("HEIF",))
    return Image.open(file, formats=FORMATS)


def _start(file: Path | BytesIO) -> bytes:
    if isinstance(file, BytesIO):
        return file.getvalue()[:12]
    with file.open("rb") as found:
        return found.read(12)


@contextmanager
def large_pictures() -> Iterator[None]:
    """Large pictures are none that attack, as long as Pillow opens them at all."""
    with quiet():
        yield


def orientation(picture: Image.Image) -> int:
    """How a camera was held (Exif 2.3, Orientation: 1 to 8); in a PNG it is not looked for behind the pixels."""
    if picture.format != "PNG":
        return int(picture.getexif().get(EXIF_ORIENTATION, 1))
    exif = Image.Exif()
    exif.load(picture.info.get("exif", b""))
    return int(exif.get(EXIF_ORIENTATION, 1))


def most_pixels() -> int:
    """How many pixels a picture may have, in millions."""
    return 2 * (Image.MAX_IMAGE_PIXELS or 0) // 1_000_000


def channels(picture: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """As L, RGB or CMYK with eight bits, and its transparency apart. Raises ValueError where pixels are fractions."""
    if picture.mode == "F":
        raise ValueError("its pixels are fractions, which no press prints")
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


def on_paper(picture: Image.Image) -> Image.Image:
    """A picture upright, as it lies on white paper: L, RGB or CMYK."""
    seen, alpha = channels(ImageOps.exif_transpose(picture) if orientation(picture) != 1 else picture)
    if alpha is None:
        return seen
    ground = Image.new(seen.mode, seen.size, "white")
    ground.paste(seen, mask=alpha)
    return ground
