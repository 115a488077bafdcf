"""Boxes → tags: the structure that a screen reader goes by (ISO 32000-1, 14.8; ISO 14289-1, 7).

An element of the HTML is one element of the structure, on however many lines and pages its boxes lie. HTML says what
it is; ARIA says what HTML cannot: `aria-hidden` for decoration, `role="img"` with `aria-label` for a picture made of
boxes, `role="doc-toc"` for contents, `aria-label` elsewhere for the words to read in place of the letters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from weasyprint.formatting_structure import boxes

from builder.model.fragment import Kid, Linked, Marked, Tag
from builder.pages.paginate.content import Content, Glue

_ROLES = {
    **{f"h{level}": f"H{level}" for level in range(1, 7)},
    "section": "Sect",
    "article": "Art",
    "figure": "Div",
    "figcaption": "Caption",
    "caption": "Caption",
    "p": "P",
    "pre": "P",
    "blockquote": "BlockQuote",
    "ul": "L",
    "ol": "L",
    "dl": "L",
    "table": "Table",
    "thead": "THead",
    "tbody": "TBody",
    "tfoot": "TFoot",
    "tr": "TR",
    "th": "TH",
    "td": "TD",
    "a": "Link",
    "img": "Figure",
}
# What may hold no text itself: text directly in one of these becomes a paragraph.
_GROUPING = frozenset({"Document", "Sect", "Art", "Div", "BlockQuote", "L", "LI", "Table", "TR", "TOC", "TBody"})
# After these a note is read; in others, at their end.
_PARAGRAPHS = frozenset({"P", *(f"H{level}" for level in range(1, 7))})
# Elements that stand empty without harm.
_MAY_BE_EMPTY = frozenset({"TH", "TD", "Figure"})
_NUMBERING = {
    "decimal": "Decimal",
    "lower-alpha": "LowerAlpha",
    "upper-alpha": "UpperAlpha",
    "lower-roman": "LowerRoman",
}
PT_PER_PX = 0.75


@dataclass(eq=False, slots=True)
class _Draft:
    role: str
    parent: _Draft | None = None
    kids: list[_Draft | Marked | Linked] = field(default_factory=list)
    notes: list[_Draft] = field(default_factory=list)
    about: dict[str, Any] = field(default_factory=dict)
    closed: bool = False  # what is below it has no elements of its own
    implied: bool = False  # a paragraph that the HTML does not name

    def new(self, role: str, **about: Any) -> _Draft:
        draft = _Draft(role, self, about={k: v for k, v in about.items() if v})
        self.kids.append(draft)
        return draft

    def freeze(self) -> Iterator[Tag]:
        """The element, with its notes after it; nothing where it holds nothing."""
        kids: list[Kid] = []
        for one in self.kids:
            kids += one.freeze() if isinstance(one, _Draft) else [one]
        own = [note for draft in self.notes for note in draft.freeze()]
        if self.role not in _PARAGRAPHS:
            kids += own
            own = []
        if kids or self.role in _MAY_BE_EMPTY:
            yield Tag(self.role, tuple(kids), **self.about)
        yield from own


class Tagger:
    """Builds the structure of one document, page after page, and says in `content` what its pieces are."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._root = _Draft("Document")
        self._made: dict[tuple[int, str], _Draft] = {}
        self._first_page: dict[tuple[int, str], int] = {}
        self._outline = 1
        self._notes = 0

    def page(self, page: Any, number: int, content: Content, annotations: list[Any]) -> None:
        """Add a page's boxes. `annotations` are the references of its links, in their order on the page."""
        self._page, self._content, self._annotations = number, content, annotations
        self._height = page.height
        self._glue = Glue(content)
        self._walk(page._page_box, self._root)

    @property
    def tags(self) -> tuple[Tag, ...]:
        return next(self._root.freeze(), Tag("Document")).kids  # type: ignore[return-value]

    def _walk(self, box: Any, parent: _Draft) -> None:
        box = getattr(box, "_box", box)
        if isinstance(box, boxes.TextBox):
            self._text(box, parent)
            return
        element, name = box.element, box.element_tag
        if isinstance(box, boxes.MarginBox) or (element is not None and element.get("aria-hidden") == "true"):
            self._artifacts(box, furniture=isinstance(box, boxes.MarginBox))
            return
        draft = parent
        if element is not None and name and not parent.closed:
            key = id(element), name
            if name == "thead" and self._first_page.setdefault(key, self._page) != self._page:
                self._artifacts(box, furniture=True)  # the head of a table, repeated on its next page
                return
            if key not in self._made:
                self._made[key] = self._draft(box, element, name, parent)
            draft = self._made[key]
        if box.link_annotation is not None and draft.role == "Link":
            draft.kids.append(Linked(self._page, self._annotations.index(box.link_annotation.reference)))
        if isinstance(box, boxes.ReplacedBox):
            self._picture(box, draft)
            return
        if isinstance(box, boxes.LineBox):
            self._glue.line(box.element)
            if draft.role in _GROUPING:
                draft = self._paragraph(draft)
        for child in getattr(box, "children", ()):
            block = self._glue.block
            self._walk(child, draft)
            inline = isinstance(box, boxes.LineBox | boxes.InlineBox)
            if inline and not isinstance(child, boxes.InlineBox | boxes.TextBox):
                self._glue.resume(block, apart=isinstance(child, boxes.InlineBlockBox))

    def _draft(self, box: Any, element: Any, name: str, parent: _Draft) -> _Draft:
        """What an element becomes; `parent` itself where it is of no consequence for the structure."""
        tag, _, pseudo = name.partition("::")
        if pseudo:
            return self._pseudo(box, element, tag, pseudo, parent)
        label, role = element.get("aria-label", ""), element.get("role", "")
        language = element.get("lang", "")
        about = {"language": language if language != self._language and tag != "html" else ""}
        if role == "img":
            draft = parent.new("Figure", alt=label, box=self._place(box), **about)
            draft.closed = True
            return draft
        if role == "caption":  # a row of the head, so that it stands on every page of the table
            return self._caption(parent, about)
        match tag:
            case "section":
                level = element.get("data-outline", "")
                self._outline = max(1, int(level)) if level.isdecimal() else 1
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                return parent.new(f"H{min(6, self._outline + int(tag[1]) - 1)}", say=label, **about)
            case "li":
                return self._item(box, parent)
            case "dt":
                return parent.new("LI").new("Lbl", say=label, **about)
            case "dd":
                items = [k for k in parent.kids if isinstance(k, _Draft)]
                item = items[-1] if items else parent.new("LI")
                bodies = [k for k in item.kids if isinstance(k, _Draft) and k.role == "LBody"]
                return (bodies[0] if bodies else item.new("LBody")).new("P", say=label, **about)
            case "ul" | "ol" if role == "doc-toc" or parent.role in ("TOC", "TOCI"):
                return parent.new("TOC", **about)
            case "ol":
                numbering = _NUMBERING.get(str(box.style["list_style_type"]), "")
                return parent.new("L", numbering=numbering, **about)
            case "a" if box.link_annotation is None:
                return parent
            case "a":
                holder = parent.new("Reference") if parent.role == "TOCI" else parent
                return holder.new("Link", say=label, **about)
            case "th":
                inside = parent.parent.role if parent.parent else ""
                scope = {"row": "Row", "col": "Column"}.get(element.get("scope"), "")
                scope = scope or ("Column" if inside == "THead" else "Row")
                return parent.new("TH", scope=scope, **self._spans(box), say=label, **about)
            case "td" if parent.role == "Caption":
                return parent
            case "td":
                return parent.new("TD", **self._spans(box), say=label, **about)
            case "img":
                return parent.new("Figure", alt=element.get("alt", ""), box=self._place(box), **about)
            case "abbr" if element.get("title"):
                return parent.new("Span", expanded=element.get("title"), **about)
        if tag in _ROLES:
            return parent.new(_ROLES[tag], say=label, **about)
        if label or about["language"]:
            inline = isinstance(box, boxes.InlineLevelBox)
            if label and isinstance(box, boxes.InlineBlockBox):
                label += " "  # what is set apart from it on the page is so in the ear
            return parent.new("Span" if inline else "P", say=label, **about)
        return parent

    def _pseudo(self, box: Any, element: Any, tag: str, pseudo: str, parent: _Draft) -> _Draft:
        if pseudo == "footnote-call":
            if not box.children:  # the layout sets a block at the foot of the page: it is read where it stands
                self._made[id(element), tag] = self._draft(box, element, tag, parent)
                return parent
            self._glue.apart()
            self._notes += 1
            block = parent
            while block.parent is not None and block.role in ("Span", "Link", "Reference"):
                block = block.parent
            note = _Draft("Note", block, about={"name": f"note-{self._notes}"})
            block.notes.append(note)
            self._made[id(element), tag] = note
            return parent.new("Reference")
        if pseudo == "footnote-marker":
            return parent.new("Lbl") if parent.role == "Note" else parent
        return parent

    @staticmethod
    def _caption(parent: _Draft, about: dict[str, Any]) -> _Draft:
        """The caption of a table: the first of what is in it."""
        table = parent
        while table.role != "Table" and table.parent is not None:
            table = table.parent
        caption = table.new("Caption", **about)
        table.kids.insert(0, table.kids.pop())
        return caption

    def _item(self, box: Any, parent: _Draft) -> _Draft:
        if parent.role == "TOC":
            return parent.new("TOCI")
        item = parent.new("LI")
        if any(str(getattr(child, "element_tag", "")).endswith("::marker") for child in box.children):
            self._made[id(box.element), "li::marker"] = item.new("Lbl")
        return item.new("LBody")

    @staticmethod
    def _paragraph(draft: _Draft) -> _Draft:
        """The paragraph that gathers lines which stand directly in a section."""
        last = draft.kids[-1] if draft.kids else None
        if isinstance(last, _Draft) and last.implied:
            return last
        new = draft.new("P")
        new.implied = True
        return new

    @staticmethod
    def _spans(box: Any) -> dict[str, int]:
        return {"columns": box.colspan, "rows": box.rowspan}

    def _place(self, box: Any) -> tuple[float, float, float, float]:
        left, top = box.content_box_x(), box.content_box_y()
        right, bottom = left + box.width, top + box.height
        corners = left, self._height - bottom, right, self._height - top
        return tuple(round(c * PT_PER_PX, 2) for c in corners)

    def _text(self, box: Any, parent: _Draft) -> None:
        if (mcid := self._content.kept(box)) is None:
            if box.text.strip(" "):
                return
            self._glue.apart()  # a space between two elements, which is not painted
            return
        self._glue.text(box)
        if parent.role in _GROUPING:
            parent = self._paragraph(parent)
        parent.kids.append(Marked(self._page, mcid))

    def _picture(self, box: Any, draft: _Draft) -> None:
        if draft.role == "Figure" and draft.about.get("alt"):
            if (mcid := self._content.kept(box)) is not None:
                draft.kids.append(Marked(self._page, mcid))
        else:
            self._content.drop(box, furniture=False)
            draft.role = "Nothing" if draft.role == "Figure" else draft.role

    def _artifacts(self, box: Any, *, furniture: bool) -> None:
        box = getattr(box, "_box", box)
        self._content.drop(box, furniture=furniture)
        for child in getattr(box, "children", ()):
            self._artifacts(child, furniture=furniture)
