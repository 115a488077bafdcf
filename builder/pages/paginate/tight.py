"""A section whose last page has nothing but what stands at its foot is set tighter, where that brings it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from builder.pages.paginate.floats import leaves
from builder.pages.paginate.heads import foot
from builder.pages.paginate.tree import Tree, match


def tightened(html: Any, lay_out: Callable[[], Any]) -> Any:
    """The document of `html`; with the class `tight` on its section where this saves a page with its foot alone.

    The styles say what gives way: 1-book.css and 2-pages.css have it for the facts below a result.
    """
    tree = Tree(html.etree_element)
    document = lay_out()
    section = next((one for one in html.etree_element.iter("section")), None)
    if section is None or not _foot_alone(document):
        return document
    tree.restore()
    before = section.get("class") or ""
    section.set("class", f"{before} tight")
    match(html)
    tight = lay_out()
    if len(tight.pages) < len(document.pages):
        return tight
    tree.restore()
    match(html)
    return lay_out()


def _foot_alone(document: Any) -> bool:
    last = document.pages[-1]
    return len(document.pages) > 1 and foot(last._page_box) is not None and next(leaves(last), None) is None
