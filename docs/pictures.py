"""Makes docs/pages.png, the picture in the README, from the built report."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
from PIL import Image

HERE = Path(__file__).parent
PAGES = (1, 3, 6, 7, 9, 11, 12, 14, 18, 21)
COLUMNS, WIDTH, GAP = 5, 260, 14


def main() -> None:
    """A sheet of pages, trimmed, on grey."""
    with pypdfium2.PdfDocument(HERE.parent / "output" / "bilancio-di-mandato-2014-2019-print.pdf") as pdf:
        shots = []
        for number in PAGES:
            page = pdf[number - 1]
            bleed = 3 / 25.4 * 72
            shot = page.render(scale=2, crop=(bleed, bleed, bleed, bleed)).to_pil()
            shots.append(shot.resize((WIDTH, round(WIDTH * shot.height / shot.width)), Image.Resampling.LANCZOS))
    high = shots[0].height
    rows = -(-len(shots) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * (WIDTH + GAP) + GAP, rows * (high + GAP) + GAP), "#d9d9d6")
    for index, shot in enumerate(shots):
        sheet.paste(shot, (GAP + index % COLUMNS * (WIDTH + GAP), GAP + index // COLUMNS * (high + GAP)))
    sheet.quantize(128).save(HERE / "pages.png", optimize=True)


if __name__ == "__main__":
    main()
