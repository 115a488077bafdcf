"""Tables over several pages: their caption says from the second page on that it goes on."""

from __future__ import annotations

from typing import Any

from weasyprint.formatting_structure import boxes


def say_once(document: Any) -> None:
    """Takes "(continued)" off the caption of each table on the page on which it begins."""
    begun: set[int] = set()
    for page in document.pages:
        for box in page._page_box.children[0].descendants():
            if not isinstance(box, boxes.TableBox) or id(box.element) in begun:
                continue
            begun.add(id(box.element))
            for line in box.descendants():
                if isinstance(line, boxes.LineBox | boxes.InlineBox):
                    line.children = [one for one in line.children if not _continued(one)]


def _continued(box: Any) -> bool:
    return box.element is not None and box.element.get("class") == "continued"
