"""Rules on the body of a topic: what its blocks can be together, and what would be lost or leave a page empty."""

from __future__ import annotations

from collections.abc import Iterator

from builder.design.theme import Theme
from builder.model.body import BreakBlock, PhotoBlock, blocks, texts_of
from builder.model.diagnostics import Diagnostic
from builder.model.front import Topic
from builder.model.manuscript import Document
from builder.model.node import Node

# A photo lower than this, in mm, is a line; and so much room its caption takes.
_LEAST, _CAPTION = 10, 16


def body_problems(topic: Topic, document: Document, theme: Theme) -> Iterator[Diagnostic]:
    """What is wrong with the blocks of a body, each at its line."""
    for block, place, abreast in blocks(topic.body):
        for text in texts_of(block):
            if not text.strip():
                yield Diagnostic("empty", "the text is empty", "write it, or take its line out", text.span)
        if isinstance(block, PhotoBlock):
            yield from _photo_problems(block, place, abreast, document, theme)
    for index, (one, after) in enumerate(zip(topic.body, (*topic.body[1:], None), strict=False)):
        if isinstance(one, BreakBlock) and (after is None or isinstance(after, BreakBlock) or _alone(after)):
            message = "this page break makes an empty page"
            hint = "take it out: nothing follows it, or what follows begins a page by itself"
            yield Diagnostic("wrong-value", message, hint, document.span(("body", index)))


def _alone(block: Node) -> bool:
    """Whether it has a page of its own."""
    return isinstance(block, PhotoBlock) and block.width == "bleed"


def _photo_problems(
    photo: PhotoBlock, place: tuple[str | int, ...], abreast: int, document: Document, theme: Theme
) -> Iterator[Diagnostic]:
    most = theme.depth - _CAPTION

    def wrong(key: str, message: str, hint: str) -> Diagnostic:
        return Diagnostic("wrong-value", message, hint, document.span((*place, key)))

    if abreast > 1 and photo.width != "text":
        hint = "take the line out: in a row, a photo is as wide as its column"
        yield wrong("width", "a photo in a row has no width of its own", hint)
    if photo.width == "bleed" and photo.height is not None:
        hint = "take the line out: such a photo is as high as the page"
        yield wrong("height", "a photo over the whole page has no height", hint)
    elif photo.height is not None and not _LEAST <= float(photo.height) <= most:
        message = f"a photo {photo.height} mm high does not fit on the page"
        yield wrong("height", message, f"give from {_LEAST} to {most:.0f} mm")
    if "focus" in photo.model_fields_set and photo.height is None and photo.width != "bleed":
        hint = "give a `height`, or take the line out: the whole photo is printed"
        yield wrong("focus", "nothing of the photo is cut away", hint)
