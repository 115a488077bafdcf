"""Photos and tables with pages of their own: text after them fills the page before, which would stay empty.

One over two facing pages begins on a verso, and one of a page on the next page, wherever the text before it ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from weasyprint.formatting_structure import boxes

from builder.model.diagnostics import Diagnostic, Span, warning
from builder.pages.paginate.floats import gap, laid_out
from builder.pages.paginate.tree import Tree

# A photo of one page is called later where more of the page before it would stay empty.
_EMPTY = 0.3
# Before so many blocks and paragraphs after it a spread may be called later, at most.
_LATER = 24


def filled(html: Any, render: Callable[[Any], Any]) -> Any:
    """The document that `render` makes of `html`, with no page empty before such a photo where text can fill it."""
    root = html.etree_element
    tree = Tree(root)
    document = laid_out(html, render)
    for photo in [one for one in root.iter() if "alone" in _classes(one)]:
        if not _empty_before(document, photo):
            continue
        best = None
        for later in range(_LATER):
            tree.restore()
            if not _moved(root, photo, later):
                break
            moved = Tree(root)
            if not _empty_before(laid_out(html, render), photo):
                best = moved
            elif best is not None:  # that was more than the page has room for
                break
        (best or tree).restore()
        if best is not None:
            tree, document = best, laid_out(html, render)
    return document


def _moved(root: Any, photo: Any, later: int) -> bool:
    """Whether a photo could be moved behind one more than `later` of the paragraphs and blocks that follow it.

    Nothing with a page of its own is overtaken, and no figure with a number by another.
    """
    home = next(parent for parent in root.iter() if photo in list(parent))
    siblings = list(home)
    places: list[tuple[Any, Any]] = []  # the parent there, and before which child of it (None: at its end)
    for at, one in enumerate(siblings[siblings.index(photo) + 1 :], siblings.index(photo) + 1):
        named = _classes(one)
        if "page-break" in named or "alone" in named or (_numbered(photo) and _numbered(one)):
            break
        for prose in (inside for inside in one if inside.get("class") == "prose" and "box" not in named):
            places += [(prose, paragraph) for paragraph in list(prose)[1:] if paragraph.tag == "p"]
        places.append((home, siblings[at + 1] if at + 1 < len(siblings) else None))
    if later >= len(places):
        return False
    holder, before = places[later]
    home.remove(photo)
    holder.insert(list(holder).index(before) if before is not None else len(holder), photo)
    return True


def _numbered(block: Any) -> bool:
    return any((one.get("id") or "").startswith("figure-") or "sheet" in _classes(one) for one in block.iter())


def _empty_before(document: Any, photo: Any) -> bool:
    """Whether the page before a photo is blank; for one of a single page, whether much of it is empty."""
    for number, page in enumerate(document.pages):
        if any(box.element is photo for box in page._page_box.children[0].descendants()):
            before = document.pages[number - 1] if number else None
            if before is None or "spread" in _classes(photo):
                return before is not None and _blank(before)
            return bool(gap(before) > _EMPTY * before.height)
    return False


def _classes(element: Any) -> list[str]:
    return (element.get("class") or "").split()


def _blank(page: Any) -> bool:
    shown = page._page_box.children[0].descendants(placeholders=True)
    return not any(isinstance(getattr(box, "_box", box), boxes.LineBox | boxes.ReplacedBox) for box in shown)


def blank_pages(document: Any, name: str) -> Iterator[Diagnostic]:
    """Pages that stay blank before a spread, each at the line of the spread."""
    for number, page in enumerate(document.pages[1:], 1):
        for box in page._page_box.children[0].descendants():
            if box.element is None or not isinstance(box, boxes.BlockBox):
                continue
            if "spread" in _classes(box.element):
                if _blank(document.pages[number - 1]):
                    said = f"page {number} of {name} stays blank: a photo over two pages begins on a left one"
                    hint = "let text follow it, which fills that page, or move it by a page"
                    yield warning("blank-page", said, hint, _at(box.element))
                break


def _at(element: Any) -> Span | None:
    source = str(element.get("data-src") or "").rsplit(":", 2)
    return Span(source[0], int(source[1]), int(source[2])) if len(source) == 3 else None
