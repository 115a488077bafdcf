"""Blocks that were laid out at the foot of a page, as notes are, and belong at its head."""

from __future__ import annotations

from typing import Any

from weasyprint.formatting_structure import boxes


def foot(sheet: Any) -> Any:
    """The box at the foot of a page that holds notes, if there is one."""
    return next((box for box in sheet.children if isinstance(box, boxes.FootnoteAreaBox)), None)


def floats(element: Any) -> str:
    return str(element.get("data-float", "")) if element is not None else ""


def standing(sheet: Any, order: dict[Any, int]) -> list[Any]:
    """The blocks that may float and stand in the flow of a page, from top to bottom: not those only called there."""
    boxes_of = (box for box in sheet.children[0].descendants() if not str(box.element_tag).endswith("footnote-call"))
    return list(dict.fromkeys(box.element for box in boxes_of if box.element in order))


def heads(sheet: Any, order: dict[Any, int]) -> list[Any]:
    """The blocks at the foot of a page that belong at its head; none that would overtake one before it."""
    area = foot(sheet)
    found = [one for one in area.children if floats(one.element) == "head"] if area is not None else []
    below = [one.element for one in area.children if floats(one.element) == "foot"] if area is not None else []
    first = min((order[one] for one in (*standing(sheet, order), *below) if one in order), default=len(order))
    return found if all(order.get(one.element, 0) < first for one in found) else []


def bring_up(sheet: Any, blocks: list[Any]) -> None:
    """Brings blocks from the foot of their page to its head, and the text below them."""
    area = foot(sheet)
    kept = [one for one in area.children if one not in blocks]
    whole, risen = area.margin_height(), sum(one.margin_height() for one in blocks)
    down = risen if kept else whole
    shift(sheet.children[0], down)
    y = sheet.content_box_y()
    for one in blocks:
        shift(one, y - one.position_y)
        y += one.margin_height()
    area.position_y += down
    if not kept:
        area.border_top_width = area.border_bottom_width = 0
    area.height -= risen
    y = area.content_box_y()
    for one in kept:
        shift(one, y - one.position_y)
        y += one.margin_height()


def shift(box: Any, down: float) -> None:
    """Move a box with all that is in it, and their grounds, which WeasyPrint has placed already."""
    box.translate(dy=down)
    for one in (box, *box.descendants(placeholders=True)):
        one = getattr(one, "_box", one)
        if one.background is not None:
            one.background = one.background._replace(layers=[_lower(layer, down) for layer in one.background.layers])


def _lower(layer: Any, down: float) -> Any:
    def moved(area: Any) -> Any:
        return area if isinstance(area, str) or area is None else (area[0], area[1] + down, *area[2:])

    return layer._replace(
        painting_area=moved(layer.painting_area),
        positioning_area=moved(layer.positioning_area),
        clipped_boxes=[moved(one) for one in layer.clipped_boxes],
    )
