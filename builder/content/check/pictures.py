"""Rules on pictures: photos that can be read to their end, and drawings that can be printed as they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from builder.content import prose
from builder.content.schema_errors import unknown
from builder.design.drawings import DrawingError, families, faults, is_drawing, words
from builder.design.drawn_words import cut_off
from builder.design.fonts import INVISIBLE
from builder.design.pdf_pages import is_pdf, page_count
from builder.design.pixels import most_pixels, opened, whole_pictures
from builder.design.theme import Theme
from builder.model.body import blocks, printed_texts
from builder.model.diagnostics import Diagnostic, Span, warning
from builder.model.front import Topic, TopicPhoto
from builder.model.project import Project
from builder.model.report import Report


def image_problems(
    file: str, alt: str, where: Span | None, project: Project, page: int | None = None
) -> Iterator[Diagnostic]:
    """A picture must lie in content/, be a picture, and have words that stand for it."""
    if not alt.strip():
        message = f'the picture "{file}" has no words that stand for it'
        hint = "say in one sentence what it shows: people who do not see it read this"
        yield Diagnostic("missing-alt", message, hint, where)
    found = project.inside(file, project.content, where)
    if isinstance(found, Diagnostic):
        yield found
        return
    try:
        paged = is_pdf(found)
        if page is not None and not paged:
            message, hint = f'"{file}" is no PDF, and has no pages', "take the line `page: …` out"
            yield Diagnostic("wrong-value", message, hint, where)
        if is_drawing(found):
            for fault in faults(found.read_bytes()):
                message = f'the drawing "{file}" cannot be printed: {fault.message}'
                yield Diagnostic("bad-image", message, fault.hint, where)
            return
        if paged:
            yield from _page_problems(found, file, page, where)
            return
        with whole_pictures(), opened(found) as image:
            image.draft(None, (1, 1))  # a JPEG's pixels small: that is enough to know whether all is there
            image.load()  # decodes all of it: a file that breaks off half-way is found too
            if image.mode == "F":
                message = f'the pixels of "{file}" are fractions, which no press prints'
                yield Diagnostic("bad-image", message, "save it again as JPEG or PNG", where)
    except Image.DecompressionBombError:
        most = most_pixels()
        yield Diagnostic(
            "bad-image", f'"{file}" has more than {most} million pixels', "bring it to the size that is printed", where
        )
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        yield Diagnostic(
            "bad-image", f'"{file}" is not a picture that can be read', "save it again as JPEG, PNG or SVG", where
        )


def tone_problems(photo: TopicPhoto, theme: Theme, project: Project) -> Iterator[Diagnostic]:
    """A photo may be printed in a colour of the theme; a drawing has its own."""
    if photo.tone is None:
        return
    names = [str(name) for name in (*theme.accents, *theme.colours)]
    if photo.tone not in names:
        yield unknown("unknown-accent", "colour", photo.tone, names, photo.tone.span)
    found = project.inside(photo.file, project.content, photo.file.span)
    if isinstance(found, Path) and is_drawing(found):
        message = f'"{photo.file}" is a drawing, and is printed in its own colours'
        yield Diagnostic("wrong-value", message, "take the line `tone: …` out", photo.tone.span)


def _page_problems(found: Path, file: str, page: int | None, where: Span | None) -> Iterator[Diagnostic]:
    try:
        count = page_count(found)
    except ValueError as error:
        message = f'the PDF "{file}" cannot be printed: {error}'
        yield Diagnostic("bad-image", message, "export it again, without a password", where)
        return
    if page is None and count > 1:
        message = f'the PDF "{file}" has {count} pages'
        yield Diagnostic("missing-key", message, "add `page: 1`, or whichever it is", where)
    elif (page or 1) > count:
        message = f'the PDF "{file}" has no page {page}'
        yield Diagnostic("wrong-value", message, f"it has {count}", where)


def drawing_text_problems(report: Report, theme: Theme, project: Project) -> Iterator[Diagnostic]:
    """What drawings write: in fonts that the report does not have, and with characters that its own do not have."""
    faces = theme.faces("heading", project.fonts)
    printable = set.intersection(*(set(face.characters) for face in faces)) | set(map(ord, INVISIBLE))
    upright, strong = (theme.face("heading", weight, project.fonts) for weight in (400, 700))
    pictures = {file: where for topic in report.topics.values() for file, where in _pictures(topic)}
    for file, where in pictures.items():
        found = project.inside(file, project.content, where)
        try:
            if not isinstance(found, Path) or not is_drawing(found):
                continue
            data = found.read_bytes()
            lacking = [one for one in families(data) if one not in theme.families]
            strange = [char for char in dict.fromkeys(words(data)) if ord(char) not in printable]
            cut = [*cut_off(data, lambda said, size, bold: (strong if bold else upright).width(said, size))]
        except (DrawingError, OSError):
            continue  # said already
        if lacking:
            own = theme.fonts.heading.family
            message = f'the drawing "{file}" writes in {", ".join(lacking)}, which the report does not have'
            hint = f"it is set in {own}: look whether it fits, or export its text as outlines"
            yield warning("drawing-font", message, hint, where)
        for line in cut:
            message = f'the drawing "{file}" writes "{line[:40]}", which is cut off at its edge'
            yield Diagnostic("figure-text", message, "make the drawing wider, or export its text as outlines", where)
        for char in strange:
            message = f'the drawing "{file}" writes "{char}", which no font of the report has'
            yield Diagnostic("missing-glyph", message, "export its text as outlines", where)


def _pictures(topic: Topic) -> Iterator[tuple[str, Span | None]]:
    """The files of photos, and of pictures in texts."""
    yield from ((str(one.file), one.file.span) for one in topic.photos)
    texts = [text for text in (topic.lead, topic.text, *topic.extra.values()) if text is not None]
    texts += [text for block, _, _ in blocks(topic.body) for _, text in printed_texts(block)]
    for text in texts:
        yield from ((source, text.locate(source, after="](")) for source, _ in prose.find(text).images)
