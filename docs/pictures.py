"""Makes the pictures of the documents from the built report: docs/pages.png and docs/plates.png."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
from PIL import Image, ImageOps

from builder.preflight.separations import separations

HERE = Path(__file__).parent
BOOK = HERE.parent / "output" / "bilancio-di-mandato-2014-2019-print-coated-fogra39.pdf"
PAGES = (1, 3, 6, 7, 9, 11, 12, 14, 18, 21)
PLATED = (1, 11)
INKS = ("#009ee3", "#e5007d", "#ffed00", "#1d1d1b")
COLUMNS, WIDTH, GAP = 5, 260, 14
BLEED = 3 / 25.4 * 72


def shots(numbers: tuple[int, ...]) -> list[Image.Image]:
    """Pages as a screen shows them, trimmed."""
    with pypdfium2.PdfDocument(BOOK) as pdf:
        pages = [pdf[number - 1].render(scale=2, crop=(BLEED,) * 4).to_pil() for number in numbers]
        return [
            page.resize((WIDTH, round(WIDTH * page.height / page.width)), Image.Resampling.LANCZOS) for page in pages
        ]


def plates(number: int) -> list[Image.Image]:
    """The four plates of a page, each in its ink."""
    page = next(separations(BOOK, 144, first=number, last=number))
    edge = round(BLEED * 2)
    inner = page[edge:-edge, edge:-edge]
    made = [Image.fromarray(255 - inner[..., ink]) for ink in range(4)]
    size = (WIDTH, round(WIDTH * made[0].height / made[0].width))
    return [
        ImageOps.colorize(plate.resize(size, Image.Resampling.LANCZOS), ink, "white")
        for plate, ink in zip(made, INKS, strict=True)
    ]


def sheet(pictures: list[Image.Image], name: str) -> None:
    """Pictures in rows, on grey."""
    high = pictures[0].height
    rows = -(-len(pictures) // COLUMNS)
    ground = Image.new("RGB", (COLUMNS * (WIDTH + GAP) + GAP, rows * (high + GAP) + GAP), "#d9d9d6")
    for index, shot in enumerate(pictures):
        ground.paste(shot, (GAP + index % COLUMNS * (WIDTH + GAP), GAP + index // COLUMNS * (high + GAP)))
    ground.quantize(128).save(HERE / name, optimize=True)


def main() -> None:
    """Both pictures."""
    sheet(shots(PAGES), "pages.png")
    sheet([one for number in PLATED for one in (*shots((number,)), *plates(number))], "plates.png")


if __name__ == "__main__":
    main()
