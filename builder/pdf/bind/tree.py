"""The structure tree of the book, written once from the tags of its sections (ISO 32000-1, 14.7)."""

from __future__ import annotations

from collections.abc import Iterable

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from builder.model.fragment import Kid, Linked, Marked, Tag


def structure(book: pikepdf.Pdf, sections: Iterable[tuple[int, Iterable[Tag]]]) -> None:
    """Give `book` the structure of its sections, each with how many pages it has."""
    tree = _Tree(book)
    for number, (pages, tags) in enumerate(sections):
        tree.section(pages, tags, f"{number}-")
    tree.close()


class _Tree:
    def __init__(self, book: pikepdf.Pdf) -> None:
        self._book = book
        self._root = book.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        self._document = book.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=self._root, K=Array()))
        # What the parent tree says of each page's content, and of each link.
        self._parents: list[pikepdf.Object] = []
        self._links: list[pikepdf.Object] = []
        self._attributes: dict[bytes, pikepdf.Object] = {}
        self._names: dict[str, pikepdf.Object] = {}
        self._first = 0

    def section(self, pages: int, tags: Iterable[Tag], prefix: str) -> None:
        self._prefix = prefix
        self._pages = [page.obj for page in self._book.pages[self._first : self._first + pages]]
        self._content: list[dict[int, pikepdf.Object]] = [{} for _ in self._pages]
        for tag in tags:
            self._document.K.append(self._element(tag, self._document))
        for number, (page, content) in enumerate(zip(self._pages, self._content, strict=True), self._first):
            page.StructParents = number
            page.Tabs = Name.S
            self._parents.append(self._book.make_indirect(Array([content[mcid] for mcid in sorted(content)])))
        self._first += pages

    def close(self) -> None:
        book, root = self._book, self._root
        root.K = Array([self._document])
        nums = [one for pair in enumerate([*self._parents, *self._links]) for one in pair]
        root.ParentTree = book.make_indirect(Dictionary(Nums=Array(nums)))
        root.ParentTreeNextKey = len(nums) // 2
        if self._names:
            names = Array()
            for name in sorted(self._names):
                names.extend([String(name), self._names[name]])
            root.IDTree = book.make_indirect(Dictionary(Names=names))
        book.Root.StructTreeRoot = root
        book.Root.MarkInfo = Dictionary(Marked=True)

    def _element(self, tag: Tag, parent: pikepdf.Object) -> pikepdf.Object:
        book = self._book
        # /Type may be left out (ISO 32000-1, table 323): with it, the elements take a quarter more memory.
        element = book.make_indirect(Dictionary(S=Name(f"/{tag.role}"), P=parent))
        page = next((kid.page for kid in tag.kids if isinstance(kid, Marked | Linked)), None)
        if page is not None:
            element.Pg = self._pages[page]
        for key, words in ((Name.Alt, tag.alt), (Name.ActualText, tag.say), (Name.E, tag.expanded)):
            if words:
                element[key] = String(words)
        if tag.language:
            element.Lang = String(tag.language)
        if tag.name:
            element.ID = String(self._prefix + tag.name)
            self._names[self._prefix + tag.name] = element
        if attributes := [self._shared(one) for one in _attributes(tag)]:
            element.A = attributes[0] if len(attributes) == 1 else Array(attributes)
        kids = [self._kid(kid, element, page) for kid in tag.kids]
        if kids:
            element.K = kids[0] if len(kids) == 1 else Array(kids)
        return element

    def _shared(self, attributes: Dictionary) -> pikepdf.Object:
        """Cells by the thousand have the same: they are stored once."""
        said = attributes.unparse()
        if said not in self._attributes:
            self._attributes[said] = self._book.make_indirect(attributes)
        return self._attributes[said]

    def _kid(self, kid: Kid, element: pikepdf.Object, page: int | None) -> pikepdf.Object | int:
        if isinstance(kid, Tag):
            return self._element(kid, element)
        target = self._pages[kid.page]
        if isinstance(kid, Linked):
            annotation = target.Annots[kid.annotation]
            annotation.StructParent = len(self._book.pages) + len(self._links)
            self._links.append(element)
            reference = Dictionary(Type=Name.OBJR, Obj=annotation)
        else:
            self._content[kid.page][kid.mcid] = element
            if kid.page == page:
                return kid.mcid
            reference = Dictionary(Type=Name.MCR, MCID=kid.mcid)
        if kid.page != page:
            reference.Pg = target
        return reference


def _attributes(tag: Tag) -> list[Dictionary]:
    """Attribute objects (ISO 32000-1, 14.8.5)."""
    found = []
    if tag.box is not None:
        found.append(Dictionary(O=Name.Layout, BBox=Array(list(tag.box)), Placement=Name.Block))
    if tag.numbering:
        found.append(Dictionary(O=Name.List, ListNumbering=Name(f"/{tag.numbering}")))
    table = Dictionary(O=Name.Table)
    if tag.scope:
        table.Scope = Name(f"/{tag.scope}")
    if tag.columns > 1:
        table.ColSpan = tag.columns
    if tag.rows > 1:
        table.RowSpan = tag.rows
    return [*found, table] if len(table) > 1 else found
