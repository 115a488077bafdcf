"""Figures and photos at the head or foot of a page, so that no page stays half empty before one.

A block says in `data-float` where it may stand: `auto` in the text, unless a page would stay empty before it; `head` or
`foot` of the page where it is called, or of the next that has room. WeasyPrint keeps one kind of box at the foot of a
page and takes it to the next where it does not fit: the footnote (CSS GCPM 3, 2.1). So a block that floats is laid out
as one, and brought to the head of its page afterwards. A photo with `data-rest` takes the height that is left.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any, TypeAlias

from weasyprint.document import Page
from weasyprint.formatting_structure import boxes

from builder.model.units import MM_PER_PT
from builder.pages.paginate.heads import bring_up, floats, foot, heads, standing
from builder.pages.paginate.tree import collapse, match

# A block is called from one of so many paragraphs at the head of a page, where none of its own page has room for it.
_PARAGRAPHS = 2
# Less of a page than this stays empty at the end of many a page, and nobody minds.
_GAP = 0.12
# A section is laid out so many times at most, until nothing in it is to be moved.
_ROUNDS = 24
# A photo that takes the height left shows at least so much of itself, and is so high, in CSS px (30 mm).
_SHOWN, _LOW = 0.4, 30 / MM_PER_PT * 96 / 72
# It is not made larger where it has fewer dpi then: what printers want at least (`least` in their files).
_LEAST_DPI = 200


@dataclass(frozen=True, slots=True)
class _Pushed:
    """A block that went to page `page` (from 0), and left `empty` CSS px of the page before it empty."""

    element: Any
    page: int
    empty: float
    last: bool  # whether nothing but other such blocks follows it


# Changes the tree, and gives back what undoes that; None where there is nothing to change.
_Change: TypeAlias = Callable[[_Pushed], Callable[[], None] | None]


def laid_out(html: Any, render: Callable[[Any], Any]) -> Any:
    """The document that `render` makes of `html`, with its blocks where they leave the least of a page empty."""
    floating = [one for one in html.etree_element.iter() if one.get("data-float")]
    match(html)
    if not floating:
        return render(html)
    for one in floating:
        collapse(one)
    section = _Section(html, render, {one: at for at, one in enumerate(floating)})
    section.settle()
    for number, page in enumerate(section.document.pages):
        up = heads(page._page_box, section.order)
        if number and up:  # nothing stands above the title of a section
            bring_up(page._page_box, up)
            section.document.pages[number] = Page(page._page_box)
    return section.document


class _Section:
    """A section that is laid out again and again, each time with one block somewhere else."""

    def __init__(self, html: Any, render: Callable[[Any], Any], order: dict[Any, int]) -> None:
        """`order` has the blocks as they are written, by number."""
        self._html, self._render, self.order = html, render, order
        self.document = render(html)
        self._staying: set[Any] = set()  # for which no page has room but in the text
        # The parent of each block, and what is written after it.
        self._homes: dict[Any, tuple[Any, Any]] = {}
        for parent in html.etree_element.iter():
            siblings = [*parent, None]
            self._homes |= {one: (parent, after) for one, after in pairwise(siblings) if one in order}

    def settle(self) -> None:
        """Move what leaves a page empty, one block after the other."""
        for _ in range(_ROUNDS):
            pushed = next(_pushed(self.document), None)
            if pushed is None:
                break
            changes: list[_Change] = [self._crop]
            if not pushed.element.get("data-rest"):  # which takes what is left where it stands
                changes.append(self._float)
                changes += [partial(self._call_earlier, at=at) for at in range(_PARAGRAPHS)]
            if not any(self._tried(change, pushed) for change in changes):
                pushed.element.set("data-float", "here")
        for _ in range(_ROUNDS):
            if not (self._eased() or self._ordered()):
                break
            self.document = self._again()
        self._fill()

    def _eased(self) -> bool:
        """Whether blocks at the foot of a page took room that others need: the last of them stays in the text.

        A photo has its page for itself, a page is no fuller than it can be, and no other block is broken.
        """
        pages = self.document.pages
        found = [set(standing(page._page_box, self.order)) for page in pages] + [set[Any]()]
        for number, page in enumerate(pages):
            area = foot(page._page_box)
            waiting = [one.element for one in area.children if floats(one.element)] if area is not None else []
            crowded = gap(page) < -1 or not found[number].isdisjoint(found[number + 1])
            if waiting and (crowded or _with_class(page, "alone") is not None):
                self._stay(waiting[-1])
                return True
        return False

    def _stay(self, block: Any) -> None:
        """A block stands in the text, where it is written."""
        parent, after = self._homes[block]
        self._parents()[block].remove(block)
        parent.insert(list(parent).index(after) if after is not None and after in list(parent) else len(parent), block)
        block.set("data-float", "here")
        self._staying.add(block)

    def _ordered(self) -> bool:
        """Whether a block was printed before one that is written before it, and now waits: blocks have numbers.

        Where it can't wait, the one that it overtook stays in the text.
        """
        printed = self._printed()
        places = [self.order[one] for one in printed]
        for at, early in enumerate(printed):
            overtaken = [one for one in printed[at + 1 :] if self.order[one] < places[at]]
            if not overtaken or early.get("data-rest"):
                continue
            if floats(early) in ("auto", "here") and early not in self._staying:
                early.set("data-float", "head")
                return True
            for one in overtaken:
                if floats(one) in ("head", "foot"):
                    self._stay(one)
                    return True
        return False

    def _printed(self) -> list[Any]:
        """The blocks as they are printed."""
        printed: list[Any] = []
        for number, page in enumerate(self.document.pages):
            sheet = page._page_box
            up = heads(sheet, self.order) if number else []
            area = foot(sheet)
            below = [one.element for one in area.children if one not in up] if area is not None else []
            printed += [*(one.element for one in up), *standing(sheet, self.order), *below]
        return [one for one in dict.fromkeys(printed) if one in self.order]

    def _tried(self, change: _Change, pushed: _Pushed) -> bool:
        """Whether a change of the tree leaves less empty; what does not is undone."""
        undo = change(pushed)
        if undo is None:
            return False
        moved, pages = self._again(), len(self.document.pages)
        left = gap(moved.pages[pushed.page - 1])
        if len(moved.pages) < pages or (len(moved.pages) == pages and left < pushed.empty / 2):
            self.document = moved
            return True
        undo()
        return False

    def _again(self) -> Any:
        """Laid out anew."""
        match(self._html)
        return self._render(self._html)

    def _parents(self) -> dict[Any, Any]:
        return {child: parent for parent in self._html.etree_element.iter() for child in parent}

    def _float(self, pushed: _Pushed) -> Callable[[], None] | None:
        """What follows comes before it."""
        if pushed.last:
            return None
        pushed.element.set("data-float", "head")
        return partial(pushed.element.set, "data-float", "auto")

    def _call_earlier(self, pushed: _Pushed, at: int) -> Callable[[], None] | None:
        """It is called before a paragraph, by number, of the page that it left empty."""
        element, parents = pushed.element, self._parents()
        paragraphs = self._paragraphs(self.document.pages[pushed.page - 1], parents, element)
        if at >= len(paragraphs):
            return None
        before = paragraphs[at]
        home, stood = parents[element], list(parents[element]).index(element)
        home.remove(element)
        parents[before].insert(list(parents[before]).index(before), element)
        element.set("data-float", "head")

        def undo() -> None:
            parents[before].remove(element)
            home.insert(stood, element)
            element.set("data-float", "auto")

        return undo

    def _paragraphs(self, page: Any, parents: dict[Any, Any], element: Any) -> list[Any]:
        """The paragraphs on a page before which a block can be called: of running text in one column, below others."""
        found: list[Any] = []
        for box in page._page_box.children[0].descendants():
            one = box.element
            if one in self.order and self.order[one] < self.order[element]:
                found.clear()
            elif isinstance(box, boxes.BlockBox) and one is not None and one is not element and one in parents:
                classes = (parents[one].get("class") or "").split()
                outer = parents.get(parents[one])
                boxed = outer is not None and "box" in (outer.get("class") or "").split()
                if "prose" in classes and "two" not in classes and not boxed and one not in found:
                    found.append(one)
        return found

    def _crop(self, pushed: _Pushed) -> Callable[[], None] | None:
        """It is a photo that is cropped to what was left empty."""
        parent, _ = self._homes[pushed.element]
        siblings = [*parent]
        above = siblings[max(siblings.index(pushed.element) - 1, 0)] if pushed.element in siblings else None
        empty = _room_below(self.document.pages[pushed.page - 1], above, pushed.empty)
        page = self.document.pages[pushed.page]
        return self._as_high(pushed.element, page, lambda photo, block: empty - (block - photo))

    def _fill(self) -> None:
        """A photo at the very end takes what is left of the last page."""
        page = self.document.pages[-1]
        standing = list(leaves(page))
        block = standing[-1][1] if standing else None
        if block is None:
            return
        undo = self._as_high(block, page, lambda photo, _: photo + gap(page))
        if undo is None:
            return
        filled = self._again()
        if len(filled.pages) == len(self.document.pages):
            self.document = filled
        else:
            undo()

    @staticmethod
    def _as_high(block: Any, page: Any, height: Callable[[float, float], float]) -> Callable[[], None] | None:
        """A photo as wide as its block, cropped to what `height` makes of its own height and that of the block, in px.

        None where the block has no photo that may be cropped, where too little of it would be seen or too few of its
        pixels were left, and where a style of the project says how wide it is.
        """
        if not block.get("data-rest"):
            return None
        sheet = page._page_box.children[0]
        frame = next(box for box in sheet.descendants() if box.element is block)
        photo = next((box for box in frame.descendants() if isinstance(box, boxes.ReplacedBox)), None)
        if photo is None:  # it stands on the page before
            return None
        wanted, whole = height(photo.height, frame.margin_height()), frame.width * photo.height / photo.width
        if wanted < _LOW or min(wanted / whole, whole / wanted) < _SHOWN or photo.style["width"] != "auto":
            return None
        if wanted > whole and wanted > photo.replacement.height * 96 / _LEAST_DPI:
            return None
        before = photo.element.get("style") or ""
        lower = math.floor(wanted * 100) / 100  # a hundredth too high, and it goes to the next page
        size = f"width: 100%; height: {lower:.2f}px; max-width: none; max-height: none; object-fit: cover"
        photo.element.set("style", f"{before}; {size}")
        return partial(photo.element.set, "style", before)


def _pushed(document: Any) -> Iterator[_Pushed]:
    """The blocks before which a page stayed empty, in order."""
    for number, (before, page) in enumerate(zip(document.pages, document.pages[1:], strict=False), 1):
        first = next(leaves(page), None)
        block = first[1] if first else None
        if block is None or block.get("data-float") != "auto" or _parted(before, page):
            continue
        if not any(found is block for _, found in leaves(before)) and (empty := gap(before)) > _GAP * before.height:
            after = (inside for one in document.pages[number:] for _, inside in leaves(one))
            yield _Pushed(block, number, empty, all(inside is not None for inside in after))


def gap(page: Any) -> float:
    """How much of a page is empty, below its text and above its notes."""
    sheet = page._page_box
    area = foot(sheet)
    bottom = sheet.content_box_y() + sheet.height - (area.margin_height() if area is not None else 0)
    return float(bottom - max((box.position_y + box.margin_height() for box, _ in leaves(page)), default=0.0))


def _room_below(page: Any, block: Any, otherwise: float) -> float:
    """What is empty on a page below the ground, padding and all, of its last block, in CSS px."""
    sheet = page._page_box
    area = foot(sheet)
    bottom = sheet.content_box_y() + sheet.height - (area.margin_height() if area is not None else 0)
    grounds = [box for box in sheet.children[0].descendants() if block is not None and box.element is block]
    if not grounds:
        return otherwise
    return min(otherwise, float(bottom - max(box.position_y + box.margin_top + box.border_height() for box in grounds)))


def leaves(page: Any) -> Iterator[tuple[Any, Any]]:
    """Lines with words and pictures in the flow of a page, with the block in them that may float, if it is in one."""

    def walk(box: Any, block: Any) -> Iterator[tuple[Any, Any]]:
        if box.element is not None and box.element.get("data-float"):
            block = box.element
        if isinstance(box, boxes.LineBox):
            if any(isinstance(one, boxes.TextBox | boxes.ReplacedBox) for one in box.descendants()):
                yield box, block
        elif isinstance(box, boxes.ReplacedBox):
            yield box, block
        elif isinstance(box, boxes.ParentBox) and box.is_in_normal_flow():
            for child in box.children:
                if isinstance(child, boxes.Box):  # no placeholder of a box with a place of its own
                    yield from walk(child, block)

    yield from walk(page._page_box.children[0], None)


def _parted(before: Any, page: Any) -> bool:
    """Whether a page ends because something says so: a photo has it for itself, or the next begins with a break."""
    return _with_class(before, "alone") is not None or _with_class(page, "page-break") is not None


def _with_class(page: Any, *classes: str) -> Any:
    """The first block of a page that has one of some classes, or None."""
    for box in page._page_box.children[0].descendants():
        named = (box.element.get("class") or "").split() if box.element is not None else ()
        if isinstance(box, boxes.BlockBox) and not {*classes}.isdisjoint(named):
            return box.element
    return None
