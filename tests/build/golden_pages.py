"""Golden pages: small pictures of every page of a book as it was last looked at, and what has changed since."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops

from tests.conftest import ROOT

GOLDEN = ROOT / "tests" / "build" / "golden"
MISMATCHES = ROOT / "output" / "golden"
# Enough to see a gap, a colour or a line that runs otherwise, and to keep in git.
DPI = 48
# A pixel is another where a channel differs by more than this of 255; so many of a page may be.
LEVELS, PIXELS = 6, 12


def pages(file: Path) -> list[Image.Image]:
    with pypdfium2.PdfDocument(file) as pdf:
        return [page.render(scale=DPI / 72).to_pil().convert("RGB") for page in pdf]


def difference(was: Image.Image, now: Image.Image) -> tuple[int, Image.Image]:
    """How many pixels are others, and where: black on white."""
    if was.size != now.size:
        return was.width * was.height, Image.new("L", now.size, 0)
    channels = ImageChops.difference(was, now).split()
    most = ImageChops.lighter(ImageChops.lighter(channels[0], channels[1]), channels[2])
    other = most.point([255 * (level <= LEVELS) for level in range(256)])
    return other.histogram()[0], other


def compare(name: str, file: Path, *, renew: bool, only: Sequence[int] = ()) -> list[str]:
    """What of a book's pages is not as it was; each kept beside its difference. `renew` makes golden pages anew.

    `only` are the numbers of the pages that are golden, where not all are.
    """
    folder, kept = GOLDEN / name, MISMATCHES / name
    found = pages(file)
    numbers = only or range(1, len(found) + 1)
    found = [found[number - 1] for number in numbers]
    if renew:
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.png"):
            old.unlink()
        for number, page in zip(numbers, found, strict=True):
            page.save(folder / f"{number:03}.png", optimize=True)
    for old in kept.glob("*.png"):
        old.unlink()
    wrong: list[str] = []
    golden = sorted(folder.glob("*.png"))
    if len(golden) != len(found):
        wrong.append(f"{name} has {len(found)} pages, and there are {len(golden)} golden ones")
    for number, path, page in zip(numbers, golden, found, strict=False):
        with Image.open(path) as was:
            others, where = difference(was.convert("RGB"), page)
        if others > PIXELS:
            kept.mkdir(parents=True, exist_ok=True)
            page.save(kept / f"{number:03}-actual.png")
            where.save(kept / f"{number:03}-difference.png")
            wrong.append(f"page {number} of {name}: {others} pixels are others, see {kept / f'{number:03}'}-…png")
    return wrong
