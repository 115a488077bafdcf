"""Tables over several pages, whose caption says that it goes on; and tables on pages turned by a quarter."""

from __future__ import annotations

from math import pi
from typing import Any

from weasyprint.document import Page
from weasyprint.formatting_structure import boxes


def say_once(document: Any) -> None:
    """Takes "(continued)" off the caption of each table on the page on which it begins."""
    begun: set[int] = set()
    for page in document.pages:
        for placed in page._page_box.descendants(placeholders=True):
            box = getattr(placed, "_box", placed)
            if not isinstance(box, boxes.TableBox) or id(box.element) in begun:
                continue
            begun.add(id(box.element))
            for line in box.descendants():
                if isinstance(line, boxes.LineBox | boxes.InlineBox):
                    line.children = [one for one in line.children if not _continued(one)]


def head_to_spine(document: Any) -> None:
    """Turns round the tables that stand turned on a verso: in print their head is at the spine, as on a recto.

    The stylesheet turns them with their head to the left, where the spine of a recto is; on screens nothing is turned.
    """
    for number, page in enumerate(document.pages):
        if page._page_box.page_type.side != "left":
            continue
        for placed in page._page_box.children[0].descendants(placeholders=True):
            box = getattr(placed, "_box", placed)
            if box.element is None or box.element.get("class") != "turned" or not box.style["transform"]:
                continue
            (_, angle), (_, (across, _)) = box.style["transform"]
            length = type(across)
            moved = length(0, "px"), length(-box.height, "px")
            box.style = box.style.copy()
            box.style["transform"] = (("rotate", angle + pi), ("translate", moved))
            document.pages[number] = Page(page._page_box)  # which knows how its boxes are turned


def _continued(box: Any) -> bool:
    return box.element is not None and box.element.get("class") == "continued"
