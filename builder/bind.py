"""bind: fragments → one PDF: pages, structure tree, bookmarks, destinations, page labels.

A fragment's own structure tree hangs below the bound document's one /Document element. Its parent-tree keys move by
an offset (ISO 32000-1, 14.7.4.4), and its element ids get a prefix, so that nothing of two fragments collides.
Links to another section were written as URIs of the scheme `book:` and become destinations here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from urllib.parse import unquote

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, String

from builder.diagnostics import Diagnostic, ReportError
from builder.fragment import Bookmark, Fragment

SCHEME = "book:"


def bind(fragments: Sequence[Fragment], titles: Mapping[str, str], language: str, *, tagged: bool) -> pikepdf.Pdf:
    """One PDF of all fragments. `titles` names the anchors for link descriptions. The caller closes it.

    Where it is not `tagged`, the fragments have no structure tree. Raises ReportError where a link leads to no anchor.
    """
    book = pikepdf.new()
    document = book.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, K=Array()))
    root = book.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=Array([document])))
    document.P = root
    parents = Array()
    offset = first = 0
    anchors: dict[str, Array] = {}
    bookmarks: list[tuple[int, Bookmark]] = []
    for index, fragment in enumerate(fragments):
        with pikepdf.open(BytesIO(fragment.pdf)) as source:
            book.pages.extend(source.pages)
            tree = book.copy_foreign(source.Root.StructTreeRoot) if tagged else None
        pages = [book.pages[first + n].obj for n in range(fragment.pages)]
        if tree is not None:
            offset = _adopt(tree, document, parents, offset, f"{index}-")
            _shift(pages, offset - _keys_used(tree))
        for anchor in fragment.anchors:
            anchors[anchor.name] = Array([pages[anchor.page], Name.XYZ, anchor.x, anchor.y, 0])
        bookmarks += [(first, b) for b in fragment.bookmarks]
        first += fragment.pages
    if tagged:
        root.ParentTree = book.make_indirect(Dictionary(Nums=parents))
        root.ParentTreeNextKey = offset
        book.Root.StructTreeRoot = root
        book.Root.MarkInfo = Dictionary(Marked=True)
    book.Root.Lang = String(language)
    book.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.D, St=1)]))
    _link(book, anchors, titles)
    names = Array()
    for name in sorted(anchors, key=lambda n: n.encode()):
        names.extend([String(name), anchors[name]])
    book.Root.Names = Dictionary(Dests=book.make_indirect(Dictionary(Names=names)))
    _outline(book, bookmarks)
    return book


def _keys_used(tree: pikepdf.Object) -> int:
    return len(tree.ParentTree.Nums) // 2


def _adopt(tree: pikepdf.Object, document: pikepdf.Object, parents: Array, offset: int, prefix: str) -> int:
    """Hang a fragment's elements below `document` and add its parent tree; returns the next free key."""
    own = tree.K[0]
    for child in own.K:
        child.P = document
        document.K.append(child)
        _prefix_ids(child, prefix)
    nums = tree.ParentTree.Nums
    for at in range(0, len(nums), 2):
        parents.append(int(nums[at]) + offset)
        parents.append(nums[at + 1])
    return offset + len(nums) // 2


def _prefix_ids(element: pikepdf.Object, prefix: str) -> None:
    waiting = [element]
    while waiting:
        one = waiting.pop()
        if Name.ID in one:
            one.ID = String(prefix + str(one.ID))
        if Name.A in one and Name.Headers in one.A:
            one.A.Headers = Array([String(prefix + str(h)) for h in one.A.Headers])
        kids = one.get(Name.K)
        if isinstance(kids, Array):
            waiting += [k for k in kids if isinstance(k, Dictionary) and Name.S in k]


def _shift(pages: Sequence[pikepdf.Object], offset: int) -> None:
    for page in pages:
        page.StructParents = int(page.StructParents) + offset
        for annotation in page.get(Name.Annots, Array()):
            if Name.StructParent in annotation:
                annotation.StructParent = int(annotation.StructParent) + offset


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
