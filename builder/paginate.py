"""paginate: one section's HTML → one PDF fragment, through WeasyPrint (the only module that imports it).

What WeasyPrint only logs becomes diagnostics; text that runs out of its box, which it does not even log, too.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from weasyprint import CSS, HTML
from weasyprint.css.counters import CounterStyle
from weasyprint.formatting_structure import boxes
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from builder.diagnostics import Diagnostic, ReportError, Span, warning
from builder.fragment import Anchor, Bookmark, Fragment
from builder.project import Project
from builder.standin import stand_in

# CSS px in a pt and in a mm (CSS 2.1, 4.3.2).
PX_PER_PT = 96 / 72
PX_PER_MM = 96 / 25.4
# A box may stick out this much before it counts as overflow: rounding, and the side bearings of large letters.
TOLERANCE = 1.5 * PX_PER_PT
_PICTURES = frozenset((".jpg", ".jpeg", ".png", ".gif", ".tif", ".tiff", ".webp", ".bmp"))
_SOURCE = re.compile(r"(.+):(\d+):(\d+)")
_CSS_PLACE = re.compile(r"^(.*) at (\d+):(\d+)(.*)$", re.DOTALL)


class _Log(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def _listening() -> Iterator[list[str]]:
    """Collects what WeasyPrint says."""
    log = _Log()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(log)
    propagate, logger.propagate = logger.propagate, False
    try:
        yield log.messages
    finally:
        logger.removeHandler(log)
        logger.propagate = propagate


class _Fetcher(URLFetcher):  # type: ignore[misc]
    """Opens files of the project and the figures just drawn; nothing else."""

    def __init__(self, project: Project, figures: Mapping[str, str]) -> None:
        super().__init__(allowed_protocols=("file", "figure"))
        self._root, self._figures = project.root, figures

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        parts = urlsplit(url)
        scheme = parts.scheme.lower()
        if scheme == "figure":
            svg = self._figures[parts.path]
            return URLFetcherResponse(url, svg, {"Content-Type": "image/svg+xml"})
        if scheme != "file" or parts.netloc:
            raise ValueError(f"{url[:80]} is not in the project")
        path = Path(url2pathname(parts.path)).resolve()
        if not path.is_relative_to(self._root):
            raise ValueError(f"{path.name} is outside the project")
        if path.suffix.lower() == ".svg" and b"<!DOCTYPE" in path.read_bytes().upper():
            raise ValueError(f"{path.name} declares a DOCTYPE, which a drawing does not need")
        if path.suffix.lower() in _PICTURES and (jpeg := stand_in(path, path.relative_to(self._root).as_posix())):
            # Under its own address WeasyPrint would read the file itself.
            return URLFetcherResponse("stand-in:", jpeg, {"Content-Type": "image/jpeg"})
        return super().fetch(path.as_uri(), headers)


class Press:
    """Fonts and stylesheets set up once, for all sections of a build."""

    def __init__(self, project: Project, tokens: str, figures: Mapping[str, str], *, tagged: bool) -> None:
        """`tokens` is the theme as CSS. Raises ReportError for faults in the stylesheets."""
        self._tagged = tagged
        self._project = project
        self._fetcher = _Fetcher(project, figures)
        self._fonts = FontConfiguration()
        self._counters = CounterStyle()
        self._images: dict[str, Any] = {}
        problems: list[Diagnostic] = []
        with _listening() as said:
            self._sheets = [self._sheet(string=tokens)]
        problems += [Diagnostic("theme", m, "see layouts/theme.yaml", Span("layouts/theme.yaml")) for m in said]
        for path in sorted((project.layouts / "styles").glob("*.css")):
            if isinstance(found := project.inside(path.name, path.parent, Span(project.name(path))), Diagnostic):
                problems.append(found)
                continue
            with _listening() as said:
                self._sheets.append(self._sheet(filename=str(path)))
            problems += [_css_diagnostic(m, project.name(path)) for m in said]
        if problems:
            raise ReportError(problems)

    def _sheet(self, **source: str) -> Any:
        return CSS(**source, font_config=self._fonts, counter_style=self._counters, url_fetcher=self._fetcher)

    def paginate(self, name: str, html: str, first_page: int, expected: frozenset[str], span: Span | None) -> Fragment:
        """Lay out one section whose first page has the folio `first_page` (odd folios are rectos)."""
        side = "right" if first_page % 2 else "left"
        start = f"html {{ break-before: {side} }} @page :first {{ counter-reset: page {first_page} }}"
        with _listening() as said:
            document = HTML(
                string=html, base_url=self._project.content.as_uri() + "/", url_fetcher=self._fetcher
            ).render(
                font_config=self._fonts,
                counter_style=self._counters,
                cache=self._images,
                pdf_tags=self._tagged,
                stylesheets=[*self._sheets, self._sheet(string=start)],
            )
            for page in document.pages:
                # An element inside a link is handed the link too; it would be a second one, outside the tags.
                page.links = [link for link in page.links if link[3].link]
            problems = list(_overflows(document, name, span))
            pdf = document.write_pdf(pdf_tags=self._tagged, cache=self._images)
        problems = [d for m in said if (d := _log_diagnostic(m, name, span))] + problems
        anchors: dict[str, Anchor] = {}
        for index, page in enumerate(document.pages):
            for anchor, (x, y, *_) in page.anchors.items():
                # A box that runs over several pages is an anchor on each; the first is where it begins.
                anchors.setdefault(anchor, Anchor(anchor, index, x / PX_PER_PT, (page.height - y) / PX_PER_PT))
        bookmarks = tuple(
            Bookmark(label, level, index, x / PX_PER_PT, (page.height - y) / PX_PER_PT)
            for index, page in enumerate(document.pages)
            for level, label, (x, y), _ in page.bookmarks
        )
        for lost in sorted(expected - set(anchors)):
            problems.append(
                Diagnostic(
                    "lost-anchor",
                    f'"{lost}" did not arrive on any page',
                    "a box with a height of 100 % can swallow what follows: look at the layout",
                    span,
                )
            )
        return Fragment(name, pdf, len(document.pages), tuple(anchors.values()), bookmarks, tuple(problems))


def _css_diagnostic(message: str, file: str) -> Diagnostic:
    place = _CSS_PLACE.match(message)
    if place is None:
        return Diagnostic("css", message, "see docs/layouts.md for what the layout engine knows", Span(file))
    text = (place[1] + place[4]).strip()
    return Diagnostic(
        "css",
        text,
        "see docs/layouts.md for what the layout engine knows",
        Span(file, int(place[2]), int(place[3])),
    )


def _log_diagnostic(message: str, name: str, span: Span | None) -> Diagnostic | None:
    if message.startswith("Failed to load image") or "image at" in message:
        return Diagnostic("bad-image", f"{name}: {message}", "save it again as JPEG or PNG, inside the project", span)
    if "alt description" in message:
        return Diagnostic("missing-alt", f"{name}: {message}", "give the picture an `alt` text", span)
    if message.startswith(("Font-face", "Failed to load font", "Unable to subset")):
        return Diagnostic("missing-font", f"{name}: {message}", "check the fonts in layouts/theme.yaml", span)
    if "No anchor" in message:
        return Diagnostic("unknown-anchor", f"{name}: {message}", "check the link", span)
    if message.startswith("Failed to load"):
        return Diagnostic(
            "outside-project", f"{name}: {message}", "use a file of the project, and check its name", span
        )
    return warning("layout", f"{name}: {message}", "", span)


def _place(box: Any, fallback: Span | None) -> Span | None:
    """The YAML line that an element names in its data-src."""
    source = box.element.get("data-src") if box.element is not None else None
    place = _SOURCE.fullmatch(source or "")
    return Span(place[1], int(place[2]), int(place[3])) if place else fallback


def _overflows(document: Any, name: str, span: Span | None) -> Iterator[Diagnostic]:
    """Text outside the box that should hold it: beside its column, below a box of fixed height, off the page."""
    for number, page in enumerate(document.pages, 1):
        for child in page._page_box.children:
            if not isinstance(child, boxes.MarginBox):
                yield from _walk(child, page, number, name, span, None)


def _walk(box: Any, page: Any, number: int, name: str, span: Span | None, frame: Any) -> Iterator[Diagnostic]:
    box = getattr(box, "_box", box)
    if box.style["transform"]:
        return  # it is turned: where its lines end is not where they were laid out
    place = _place(box, span)
    if isinstance(box, boxes.TextBox):
        if not box.text.strip():
            return
        right, bottom = box.position_x + box.width, box.position_y + box.height
        trim = page._page_box
        outside = right > trim.position_x + trim.margin_width() + TOLERANCE or box.position_x < -TOLERANCE
        # By the baseline: large figures are set in lines lower than their type, and stick out of them unseen.
        outside |= box.position_y + (box.baseline or 0) > trim.position_y + trim.margin_height() + TOLERANCE
        if frame is not None:
            outside |= right > frame.content_box_x() + frame.width + TOLERANCE
            if frame.style["height"] != "auto" and frame.element_tag != "html":
                outside |= bottom > frame.content_box_y() + frame.height + TOLERANCE
        if outside:
            words = " ".join(box.text.split())[:40]
            yield Diagnostic(
                "overflow",
                f'the text "{words}" runs out of its box (page {number} of {name})',
                "shorten the text, or let the layout give it more room",
                place,
            )
        return
    if isinstance(box, boxes.BlockBox | boxes.TableCellBox) and not isinstance(box, boxes.MarginBox):
        frame = box
        if box.element_tag == "h1":
            yield from _straggler(box, name, place)
    for child in getattr(box, "children", ()):
        yield from _walk(child, page, number, name, place, frame)


def _straggler(box: Any, name: str, span: Span | None) -> Iterator[Diagnostic]:
    lines = [child for child in box.children if isinstance(child, boxes.LineBox)]
    texts = ["".join(b.text for b in line.descendants() if isinstance(b, boxes.TextBox)).strip() for line in lines]
    if len(texts) > 1 and " " not in texts[-1] and len(texts[-1]) < 8:
        yield warning(
            "straggler",
            f'the heading of {name} ends with "{texts[-1]}" alone on a line',
            "put a line break before the words that belong together",
            span,
        )
