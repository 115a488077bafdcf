"""Rules on the body of a topic: what its blocks can be together, and what would be lost or leave a page empty."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from builder.content import prose
from builder.design.theme import Theme
from builder.model.body import BreakBlock, PhotoBlock, blocks, printed_texts, texts_of
from builder.model.diagnostics import Diagnostic
from builder.model.front import Topic
from builder.model.manuscript import Document
from builder.model.node import Node
from builder.model.photo import Image, Photo, shape

# A photo lower than this, in mm, is a line; and so much room its caption takes.
_LEAST, _CAPTION = 10, 16
# No photo is cropped to more than this, width to height or height to width.
_LONGEST = 5


def body_problems(topic: Topic, document: Document, theme: Theme) -> Iterator[Diagnostic]:
    """What is wrong with the blocks of a body, each at its line."""
    for block, place, abreast in blocks(topic.body):
        for text in texts_of(block):
            if not text.strip():
                yield Diagnostic("empty", "the text is empty", "write it, or take its line out", text.span)
        if abreast == 1 and getattr(block, "floats", "") not in ("", "here"):
            yield from _note_problems(block)
        if isinstance(block, PhotoBlock):
            yield from _block_problems(block, place, abreast, document)
            yield from _crop_problems(block, place, document, theme, bleed=block.alone)
        if abreast > 1 and "width" in block.model_fields_set:
            hint = "take the line out: in a row, a block is as wide as its column"
            yield _wrong("a block in a row has no width of its own", hint, document, *place, "width")
        if abreast > 1 and getattr(block, "place", None) is not None:
            hint = "take the line out, or put it into the row itself: a row is one block"
            yield Diagnostic(
                "wrong-value", "a block in a row has no place of its own", hint, document.span((*place, "place"))
            )
    if topic.image is not None:
        yield from _crop_problems(topic.image, ("image",), document, theme)
    for index, (one, after) in enumerate(zip(topic.body, (*topic.body[1:], None), strict=False)):
        if isinstance(one, BreakBlock) and (after is None or isinstance(after, BreakBlock) or _alone(after)):
            message = "this page break makes an empty page"
            hint = "take it out: nothing follows it, or what follows begins a page by itself"
            yield Diagnostic("wrong-value", message, hint, document.span(("body", index)))


def _note_problems(block: Node) -> Iterator[Diagnostic]:
    """A note would stand at the foot of the page from which its block has floated away."""
    for _, text in printed_texts(block):
        if prose.has_note(text):
            hint = "put the note into the text, or have the block stand there: `place: here`"
            yield Diagnostic("wrong-value", "a block that may float to another page has no notes", hint, text.span)


def _alone(block: Node) -> bool:
    """Whether it has a page of its own."""
    return isinstance(block, PhotoBlock) and block.alone


def _block_problems(
    photo: PhotoBlock, place: tuple[str | int, ...], abreast: int, document: Document
) -> Iterator[Diagnostic]:
    if photo.alone and photo.place is not None:
        hint = "take the line out: such a photo has a page of its own"
        yield _wrong("a photo over the whole page stands nowhere else", hint, document, *place, "place")
    if photo.over is not None and not photo.alone:
        hint = "add `width: bleed` or `width: spread`, or write them as `caption`"
        yield _wrong("words stand only on a photo over the whole page", hint, document, *place, "over")
    if photo.height == "rest" and (abreast > 1 or photo.width == "column" or photo.alone):
        hint = "give it in mm, or take the line out: only a photo below the text fills what its page has left"
        yield _wrong("this photo does not stand alone on its lines", hint, document, *place, "height")


def _crop_problems(
    photo: Photo, place: tuple[str | int, ...], document: Document, theme: Theme, *, bleed: bool = False
) -> Iterator[Diagnostic]:
    most = theme.depth - _CAPTION
    cropped = [key for key in ("height", "ratio") if getattr(photo, key) is not None]
    if bleed:
        for key in cropped:
            hint = "take the line out: such a photo is as high as the page"
            yield _wrong(f"a photo over the whole page has no {key}", hint, document, *place, key)
    elif len(cropped) > 1:
        hint = "take one of the two lines out"
        yield _wrong("the photo has a height and a ratio, which is a height too", hint, document, *place, "ratio")
    elif isinstance(photo.height, Decimal) and not _LEAST <= photo.height <= Decimal(most):
        message = f"a photo {photo.height} mm high does not fit on the page"
        yield _wrong(message, f"give from {_LEAST} to {most:.0f} mm", document, *place, "height")
    elif photo.ratio is not None and not 1 / _LONGEST <= shape(photo.ratio) <= _LONGEST:
        message = f"a photo of {photo.ratio} is a line"
        yield _wrong(message, "give a ratio such as 3:2", document, *place, "ratio")
    if "focus" in photo.model_fields_set and not cropped and not bleed and not isinstance(photo, Image):
        hint = "give a `height` or a `ratio`, or take the line out: the whole photo is printed"
        yield _wrong("nothing of the photo is cut away", hint, document, *place, "focus")


def _wrong(message: str, hint: str, document: Document, *place: str | int) -> Diagnostic:
    return Diagnostic("wrong-value", message, hint, document.span(place))
