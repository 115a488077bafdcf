"""Measures inks on the separations of a page: the highest ink, colour that stops at the cut, blank pages."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from builder.model.units import MM_PER_PT
from builder.pdf.scan.painted import Box
from builder.preflight.rules import Inked
from builder.preflight.separations import Plates

# About 0.35 mm to a pixel: 3 × 3 pixels are the square millimetre on which ink is measured.
DPI = 72.0
WINDOW = 3
# Of 255 parts: less ink than this is none.
TRACE = 4
# Colour that touches the cut for less than this, in mm, is no ground or picture.
SHORTEST = 2.0
# Colour that ends less than this inside the cut was meant to reach it, where it is longer than any letter is wide.
NEAR, LONG = 2.0, 12.0
Sums = npt.NDArray[np.int64]


def measure(plates: Plates, media: Box, trim: Box, bleed: Box, dpi: float, wanted: float) -> Inked:
    """What the plates of a page show inside its bleed; `wanted` is the bleed that the printer asks for, in pt."""
    scale = dpi / 72
    height, width = plates.shape[:2]

    def column(x: float) -> int:
        return round((x - media.left) * scale)

    def row(y: float) -> int:
        return int(height) - round((y - media.bottom) * scale)

    area = plates[max(0, row(bleed.top)) : row(bleed.bottom), max(0, column(bleed.left)) : column(bleed.right)]
    if area.size == 0:
        return Inked(empty=True)
    total = area.sum(axis=2, dtype=np.int64)
    highest, at = _highest(total)
    where = (
        (bleed.left - trim.left) * MM_PER_PT + (at[1] + WINDOW / 2) / scale * MM_PER_PT,
        (trim.top - bleed.top) * MM_PER_PT + (at[0] + WINDOW / 2) / scale * MM_PER_PT,
    )
    short = {}
    if wanted > 1 / scale:
        grid = plates.sum(axis=2, dtype=np.int64)
        left, right, top, bottom = column(trim.left), column(trim.right), row(trim.top), row(trim.bottom)
        reach = max(1, int(wanted * scale) - 1)
        deep = round(NEAR / MM_PER_PT * scale) + 1
        # Each edge as rows of a grid whose first row is the far end of the page on that side.
        for edge, rows, cut, along in (
            ("left", grid.T, left, slice(top, bottom)),
            ("right", grid.T[::-1], width - right, slice(top, bottom)),
            ("upper", grid, top, slice(left, right)),
            ("lower", grid[::-1], height - bottom, slice(left, right)),
        ):
            at, inside = rows[cut + 1, along], rows[cut + deep, along]
            bare = rows[cut - reach, along] <= TRACE if cut >= reach else np.ones_like(at, bool)
            # Up to the cut and not beyond it; or not even up to it, over a length that no letter has.
            runs = [_run((at > TRACE) & bare, SHORTEST, scale), _run((inside > TRACE) & (at <= TRACE), LONG, scale)]
            if found := next((run for run in runs if run), None):
                short[edge] = found
    return Inked(highest, where, short, bool(total.max() <= TRACE))


def _highest(total: Sums) -> tuple[float, tuple[int, int]]:
    """The highest mean ink in a window, in per cent, and its upper left pixel."""
    if min(total.shape) < WINDOW:
        return float(total.max()) / 255 * 100, (0, 0)
    sums = np.pad(total, ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    n = WINDOW
    means = (sums[n:, n:] - sums[:-n, n:] - sums[n:, :-n] + sums[:-n, :-n]) / (n * n)
    y, x = np.unravel_index(int(means.argmax()), means.shape)
    return float(means[y, x]) / 255 * 100, (int(y), int(x))


def _run(there: npt.NDArray[np.bool_], least: float, scale: float) -> tuple[float, float] | None:
    """The longest run of pixels along an edge, from and to in mm, where it is at least `least` mm."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], there, [False]))))
    runs = [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    start, end = max(runs, key=lambda run: run[1] - run[0], default=(0, 0))
    mm = MM_PER_PT / scale
    return (start * mm, end * mm) if (end - start) * mm >= least else None
