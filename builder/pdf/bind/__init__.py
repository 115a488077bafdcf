"""bind: fragments → one PDF: pages, fonts, pictures, structure tree, bookmarks, destinations, page labels.

Links to another section were written as URIs of the scheme `book:` and become destinations here.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, String

from builder.model.diagnostics import Diagnostic, ReportError
from builder.model.fragment import Bookmark, Fragment, Stamp
from builder.pages.standin import has_stand_ins
from builder.pdf.album import opened
from builder.pdf.bind.fonts import font_objects
from builder.pdf.bind.pictures import exchange
from builder.pdf.bind.tree import structure
from builder.runtime.quiet import quiet

SCHEME = "book:"
_HOLE = re.compile(rb"\{(\d+)\.(\d+)\}")


def bind(
    fragments: Sequence[Fragment],
    titles: Mapping[str, str],
    language: str,
    *,
    tagged: bool,
    album: Path | None = None,
) -> pikepdf.Pdf:
    """One PDF of all fragments. `titles` names the anchors for link descriptions. The caller closes it.

    The pictures of `album`, a file that stays until the PDF is saved, take the places of their stand-ins. Where it is
    not `tagged`, the fragments have no structure tree.
    Raises ReportError where a link leads to no anchor.
    """
    book, pictures = opened(album)
    faces = font_objects(book, [fragment.typefaces for fragment in fragments])
    anchors: dict[str, Array] = {}
    bookmarks: list[tuple[int, Bookmark]] = []
    first = 0
    for fragment in fragments:
        # QPDF warns of links that may not resolve: all of them are made anew below.
        with pikepdf.open(BytesIO(fragment.pdf)) as source, quiet():
            book.pages.extend(source.pages)
        pages = [book.pages[first + n].obj for n in range(fragment.pages)]
        for page in pages:
            named = page.Resources.get(Name.Font, Dictionary())
            for key in list(named.keys()):
                named[key] = faces[key[1:]]
        if pictures and has_stand_ins(fragment.pdf):
            exchange(pages, pictures)
        _stamp(book, pages, fragment.stamps)
        for anchor in fragment.anchors:
            anchors[anchor.name] = Array([pages[anchor.page], Name.XYZ, anchor.x, anchor.y, 0])
        bookmarks += [(first, b) for b in fragment.bookmarks]
        first += fragment.pages
    if tagged:
        structure(book, ((fragment.pages, fragment.tags) for fragment in fragments))
    book.Root.Lang = String(language)
    book.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.D, St=1)]))
    _link(book, anchors, titles)
    names = Array()
    for name in sorted(anchors, key=lambda n: bytes(String(n))):  # in the order of bytes (ISO 32000-1, 7.9.6)
        names.extend([String(name), anchors[name]])
    book.Root.Names = Dictionary(Dests=book.make_indirect(Dictionary(Names=names)))
    _outline(book, bookmarks)
    return book


def _stamp(book: pikepdf.Pdf, pages: Sequence[pikepdf.Object], stamps: Sequence[Stamp]) -> None:
    """Fill the holes that were left for page numbers."""

    def digit(match: re.Match[bytes]) -> bytes:
        stamp = stamps[int(match[1])]
        printed = stamp.printed.rjust(stamp.digits)[int(match[2])]
        return stamp.glyphs[int(printed) if printed != " " else -1].encode()

    for number in sorted({stamp.page for stamp in stamps}):
        content = _HOLE.sub(digit, pages[number].Contents.read_bytes())
        pages[number].Contents = book.make_stream(zlib.compress(content), Filter=Name.FlateDecode)


def _annotations(book: pikepdf.Pdf) -> Iterator[tuple[int, pikepdf.Object]]:
    for number, page in enumerate(book.pages, 1):
        for annotation in page.obj.get(Name.Annots, Array()):
            yield number, annotation


def _link(book: pikepdf.Pdf, anchors: Mapping[str, Array], titles: Mapping[str, str]) -> None:
    lost: list[Diagnostic] = []
    for number, annotation in _annotations(book):
        uri = str(annotation.A.URI) if Name.A in annotation and Name.URI in annotation.A else ""
        if uri.startswith(SCHEME):
            target = unquote(uri.removeprefix(SCHEME))
            del annotation[Name.A]
            annotation.Dest = String(target)
        elif Name.Dest in annotation:
            target = str(annotation.Dest)
        else:
            continue
        if target not in anchors:
            lost.append(
                Diagnostic(
                    "unknown-anchor",
                    f'a link on page {number} leads to "{target}", which is nowhere',
                    "put the topic into the order, or take the link out",
                )
            )
        annotation.Contents = String(titles.get(target, target))
    if lost:
        raise ReportError(lost)


def _outline(book: pikepdf.Pdf, bookmarks: Sequence[tuple[int, Bookmark]]) -> None:
    """Bookmarks nested by level."""
    with book.open_outline() as outline:
        branch: list[tuple[int, OutlineItem]] = []
        for first, one in bookmarks:
            item = OutlineItem(one.label, first + one.page, "XYZ", left=one.x, top=one.y)
            while branch and branch[-1][0] >= one.level:
                branch.pop()
            (branch[-1][1].children if branch else outline.root).append(item)
            branch.append((one.level, item))
