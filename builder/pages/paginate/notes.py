"""Room for notes at the foot of a page, mended: WeasyPrint 70 takes rounding for a lack of it.

In `layout/__init__.py`, `LayoutContext._update_footnote_area` says that the notes of a page overflow their area where
the last of them ends below it, by whatever it is. An area without a `max-height` is as high as its notes, and the two
differ by the last digit of a float where a note has a height in mm: such a note went to the next page, from an empty
one.

And the kind of a page on which notes alone are left.
"""

from __future__ import annotations

import math
from typing import Any

from weasyprint.layout import LayoutContext

from builder.pages.paginate.patch import replace


class Context(LayoutContext):  # type: ignore[misc]
    """In the place of WeasyPrint's."""

    def _update_footnote_area(self) -> bool:
        overflows = super()._update_footnote_area()
        return bool(overflows) and self.current_footnote_area.max_height != math.inf


def _page_name(page_groups: Any, resume_at: Any, next_page: Any, root_box: Any, blank: bool) -> Any:
    """In the place of `_update_page_groups`: what is left over at the end stands on a page of the kind of the others.

    There WeasyPrint takes the page of the root element, which has neither folio nor running head.
    """
    name = _named_by_weasyprint(page_groups, resume_at, next_page, root_box, blank)
    if not blank or resume_at is not None:
        return name
    box = root_box
    while box.style["page"] == name and getattr(box, "children", ()):
        box = box.children[-1]
    return box.style["page"]


replace("weasyprint.document", "LayoutContext", Context)
_named_by_weasyprint = replace("weasyprint.layout.page", "_update_page_groups", _page_name)
