"""The elements of a section, which are moved until its pages are full."""

from __future__ import annotations

import re
from typing import Any

# White space, and what begins lines of its own.
_SPACE = re.compile(r"[ \t\r\n]+")
_BLOCKS = frozenset(
    (
        *("div", "figure", "figcaption", "p", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
    )
)


class Tree:
    """The elements below `root` as they are now: laying them out moves those that float."""

    def __init__(self, root: Any) -> None:
        self._elements = [(one, list(one), dict(one.attrib)) for one in root.iter()]

    def restore(self) -> None:
        for one, children, attributes in self._elements:
            one[:] = children
            one.attrib.clear()
            one.attrib.update(attributes)


def match(html: Any) -> None:
    """Stylesheets are matched with the tree as it is now: it may have been changed since it was read."""
    matched = type(html.wrapper_element)
    html.wrapper_element = matched.from_html_root(html.etree_element, content_language=None)


def collapse(element: Any) -> None:
    """White space as the layout has it (CSS Text 3, 4.1.1), which WeasyPrint forgets to collapse in footnotes."""
    if element.tag == "pre":
        return
    within = _SPACE.sub(" ", element.text or "")
    element.text = within.lstrip(" ") if element.tag in _BLOCKS else within
    children = list(element)
    for at, child in enumerate(children):
        collapse(child)
        after = _SPACE.sub(" ", child.tail or "")
        following = children[at + 1].tag in _BLOCKS if at + 1 < len(children) else element.tag in _BLOCKS
        after = after.rstrip(" ") if following else after
        child.tail = after.lstrip(" ") if child.tag in _BLOCKS else after
