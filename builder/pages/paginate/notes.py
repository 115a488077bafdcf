"""Room for notes at the foot of a page, mended: WeasyPrint 70 takes rounding for a lack of it.

In `layout/__init__.py`, `LayoutContext._update_footnote_area` says that the notes of a page overflow their area where
the last of them ends below it, by whatever it is. An area without a `max-height` is as high as its notes, and the two
differ by the last digit of a float where a note has a height in mm: such a note went to the next page, from an empty
one.
"""

from __future__ import annotations

import math

from weasyprint.layout import LayoutContext

from builder.pages.paginate.patch import replace


class Context(LayoutContext):  # type: ignore[misc]
    """In the place of WeasyPrint's."""

    def _update_footnote_area(self) -> bool:
        overflows = super()._update_footnote_area()
        return bool(overflows) and self.current_footnote_area.max_height != math.inf


replace("weasyprint.document", "LayoutContext", Context)
