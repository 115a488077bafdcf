"""Independent eyes on a printed file: Ghostscript's separations as TIFF, three renderers, CIELAB."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pypdfium2
from PIL import Image, ImageCms

Plate = npt.NDArray[np.uint8]
GHOSTSCRIPT = ("gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE")
SMOOTH = ("-dTextAlphaBits=4", "-dGraphicsAlphaBits=4")
INKS = ("Cyan", "Magenta", "Yellow", "Black")


def only(page: int) -> tuple[str, str]:
    return f"-dFirstPage={page}", f"-dLastPage={page}"


def separated(file: Path, folder: Path, page: int, dpi: int = 100) -> dict[str, Plate]:
    """The plates of one page by `tiffsep`, 255 for full ink."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [*GHOSTSCRIPT, "-sDEVICE=tiffsep", f"-r{dpi}", *only(page), f"-sOutputFile={folder}/p%d.tif", str(file)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    found = {}
    for ink in INKS:
        with Image.open(next(folder.glob(f"*({ink}).tif"))) as plate:
            found[ink] = 255 - np.asarray(plate.convert("L"))
    for spent in folder.glob("*.tif"):
        spent.unlink()
    return found


def by_pdfium(file: Path, page: int, dpi: int) -> Image.Image:
    with pypdfium2.PdfDocument(file) as pdf:
        shot: Image.Image = pdf[page - 1].render(scale=dpi / 72).to_pil()
        return shot.convert("RGB")


def by_poppler(file: Path, page: int, dpi: int, folder: Path) -> Image.Image:
    out = folder / "poppler"
    subprocess.run(
        ["pdftoppm", "-r", str(dpi), "-f", str(page), "-l", str(page), "-singlefile", "-png", str(file), str(out)],
        check=True,
    )
    return Image.open(out.with_suffix(".png")).convert("RGB")


def by_ghostscript(file: Path, page: int, dpi: int, folder: Path, device: str = "png16m") -> Image.Image:
    out = folder / "ghostscript.img"
    subprocess.run(
        [*GHOSTSCRIPT, f"-sDEVICE={device}", f"-r{dpi}", *SMOOTH, *only(page), f"-sOutputFile={out}", str(file)],
        check=True,
    )
    return Image.open(out).convert("CMYK" if device == "tiff32nc" else "RGB")


def lab(picture: Image.Image, profile: Path | None) -> npt.NDArray[np.float64]:
    """Rows × columns × L*, a*, b*, relative to the paper."""
    source = ImageCms.getOpenProfile(str(profile)) if profile else ImageCms.createProfile("sRGB")
    flags = ImageCms.Flags.BLACKPOINTCOMPENSATION
    to_lab = ImageCms.buildTransform(
        source, ImageCms.createProfile("LAB"), picture.mode, "LAB", ImageCms.Intent.RELATIVE_COLORIMETRIC, flags
    )
    converted = ImageCms.applyTransform(picture, to_lab)
    assert converted is not None
    raw = np.asarray(converted).astype(np.float64)
    wrapped = np.where(raw[..., 1:] > 127, raw[..., 1:] - 256, raw[..., 1:])
    return np.concatenate([raw[..., :1] * 100 / 255, wrapped], axis=2)


def delta(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """ΔE*ab (CIE 1976) of each pixel."""
    result: npt.NDArray[np.float64] = np.sqrt(((one - other) ** 2).sum(axis=2))
    return result
