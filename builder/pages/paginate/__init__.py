"""paginate: one section's HTML → one PDF fragment, through WeasyPrint (beside `doctor`, this package alone imports it).

What of WeasyPrint has something of ours in its place stands in `patch`.

Five walks go over the boxes of a page: `stamps` before it is written, for the texts that will be holes; `tags` while it
is, since tags name what is painted; `overflow`, which keeps to columns and frames, `origins`, which follows elements,
and the indicators that stand on it. Each has its own order, and its own things to remember on the way down; together
they take 3 % of a section's time. So they are not one.

What WeasyPrint only logs becomes diagnostics; text that runs out of its box, which it does not even log, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from builder.model.diagnostics import Diagnostic, ReportError, Span
from builder.model.fragment import Anchor, Bookmark, Fragment, SectionJob
from builder.model.spelling import composed
from builder.pages.paginate import lines, notes, pictures  # noqa: F401 - they take places in WeasyPrint
from builder.pages.paginate.carrying import carry_forward
from builder.pages.paginate.fetcher import Fetcher
from builder.pages.paginate.fonts_and_tags import FontFiles, HandedOver
from builder.pages.paginate.hyphens import hyphens
from builder.pages.paginate.log import css_diagnostic, listening, log_diagnostic
from builder.pages.paginate.origins import standing, untraced
from builder.pages.paginate.overflow import PX_PER_PT, overflows
from builder.pages.paginate.sheets import head_to_spine, say_once
from builder.pages.paginate.spreads import blank_pages, filled
from builder.pages.paginate.stamps import BASE, Folios, Stamps
from builder.pages.paginate.tight import tightened
from builder.pages.setting import Setting


def _source(path: Path) -> dict[str, str]:
    """A stylesheet as WeasyPrint takes it: the file, or its text where accents stand beside their letters in it."""
    with suppress(OSError, UnicodeDecodeError):
        text = path.read_text("utf-8")
        if composed(text) != text:
            return {"string": composed(text), "base_url": path.as_uri()}
    return {"filename": str(path)}


class Engine:
    """Fonts and stylesheets set up once, for all sections of a build."""

    def __init__(self, setting: Setting) -> None:
        """Raises ReportError for faults in the stylesheets."""
        project = self._project = setting.project
        self._tagged = setting.tagged
        self._fetcher = Fetcher(setting)
        self._hyphenation = setting.hyphenation
        self._fonts = FontConfiguration()
        self._counters = Folios()
        self._images: dict[str, Any] = {}
        self._programs = FontFiles()
        problems: list[Diagnostic] = []
        with listening() as said:
            self._sheets = [self._sheet(string=setting.tokens)]
        problems += [Diagnostic("theme", m, "see layouts/theme.yaml", Span("layouts/theme.yaml")) for m in said]
        self._styles = set((project.layouts / "styles").glob("*.css"))
        for path in sorted(self._styles):
            if isinstance(found := project.inside(path.name, path.parent, Span(project.name(path))), Diagnostic):
                problems.append(found)
                continue
            with listening() as said:
                self._sheets.append(self._sheet(**_source(path)))
            problems += [css_diagnostic(m, project.name(path)) for m in said]
        if problems:
            raise ReportError(problems)
        self._set_up = self._fetcher.read | self._styles

    def forget_pictures(self) -> None:
        """Read pictures and figures anew, the next time: they may have changed, and take space."""
        self._images.clear()

    @property
    def read(self) -> frozenset[Path]:
        """The files of the project that the last section was made with: stylesheets, fonts, pictures."""
        return frozenset(self._fetcher.read | self._set_up)

    def _sheet(self, **source: str) -> Any:
        return CSS(**source, font_config=self._fonts, counter_style=self._counters, url_fetcher=self._fetcher)

    def paginate(self, job: SectionJob) -> Fragment:
        """Lay out one section."""
        name, html, start, span = job.name, job.html, job.start, job.span
        self._fetcher.figures, self._fetcher.read = job.figures, set()
        hyphens.set_words(self._hyphenation)
        rule = f"html {{ break-before: {'right' if start.side == 'recto' else 'left'} }}"
        rule += f"@page :first {{ counter-reset: page {BASE + start.number} }}"
        with listening() as said:
            sheets = [*self._sheets, self._sheet(string=rule)]
            page_by_page = partial(
                HTML.render,
                font_config=self._fonts,
                counter_style=self._counters,
                cache=self._images,
                pdf_tags=self._tagged,
                stylesheets=sheets,
            )
            base = self._project.content.as_uri() + "/"
            tree = HTML(string=html, base_url=base, url_fetcher=self._fetcher)
            document = tightened(tree, partial(filled, tree, page_by_page))
            say_once(document)
            carry_forward(document)
            head_to_spine(document)
            for page in document.pages:
                # An element inside a link is handed the link too; it would be a second one, outside the tags.
                page.links = [link for link in page.links if link[3].link]
            problems = [*overflows(document, name, span), *blank_pages(document, name)]
            stamps = Stamps(document.pages, name, span)
            written = HandedOver(self._programs, document.metadata.lang or "", stamps)
            with written.in_place():
                pdf = document.write_pdf(pdf_tags=self._tagged, cache=self._images)
        heard = dict.fromkeys(said)  # what is laid out again says the same again
        problems = [d for m in heard if (d := log_diagnostic(m, name, span))] + problems + stamps.diagnostics
        numbers = standing(document.pages, self._fetcher.figures, name)
        problems += untraced(numbers, name, span)
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
        for lost in sorted(job.expected - set(anchors)):
            problems.append(
                Diagnostic(
                    "lost-anchor",
                    f'"{lost}" did not arrive on any page',
                    "a box with a height of 100 % can swallow what follows: look at the layout",
                    span,
                )
            )
        return Fragment(
            name,
            pdf,
            len(document.pages),
            tuple(anchors.values()),
            bookmarks,
            tuple(problems),
            written.tags,
            written.typefaces,
            tuple(dict.fromkeys(_printed(document.pages))),
            numbers,
            tuple(stamps.made),
        )


def _printed(pages: Any) -> Iterator[tuple[str, int]]:
    """Which indicators stand on which pages: elements name them in their data-indicator."""
    for number, page in enumerate(pages):
        for box in page._page_box.descendants(placeholders=True):
            box = getattr(box, "_box", box)
            if box.element is not None and (names := box.element.get("data-indicator")):
                yield from ((name, number) for name in names.split())
