"""What lies under a mark, and how messages call it."""

from __future__ import annotations

from collections import deque

from builder.pdf.scan.painted import Box, Painted
from builder.preflight.rules import PageView

# Of the areas painted last; a drawing of a hundred thousand pieces is no ground for text.
MOST_AREAS = 2_000


class Grounds:
    """What has been painted so far on a page, to tell whether a mark stands on a ground or on bare paper."""

    def __init__(self) -> None:
        self._areas: deque[Painted] = deque(maxlen=MOST_AREAS)

    def under(self, one: Painted) -> bool:
        """Whether ink lies under `one`; it is remembered itself, where it is an area."""
        found = next((a for a in reversed(self._areas) if _meets(a.box, one.box)), None)
        if one.kind in ("fill", "picture", "shading") and not one.mask:
            self._areas.append(one)
        return found is not None and not found.paint.white


def _meets(area: Box, mark: Box) -> bool:
    """Whether `area` covers the middle of `mark`."""
    return area.has((mark.left + mark.right) / 2, (mark.bottom + mark.top) / 2)


def words_of(one: Painted) -> str:
    """How a message calls a mark: by its words, a picture by its file."""
    if one.picture is not None and one.picture.file:
        return f"the picture {one.picture.file}"
    what = {"text": "text", "fill": "an area", "stroke": "a line", "picture": "a picture", "shading": "a gradient"}
    said = " ".join(one.words.split())
    return f'the text "{said[:30]}{"…" if len(said) > 30 else ""}"' if said else what[one.kind]


def on_page(page: PageView, one: Painted) -> bool:
    """Whether any of it lies inside the bleed."""
    return page.bleed.meet(one.box) is not None
