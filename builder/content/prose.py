"""Markdown (CommonMark, no raw HTML) with quoted indicators: `{{ id }}`, `{{ id.base }}`, `{{ page:topic }}`,
`{{ figure:id }}`, `{{ table:id }}`.

Beyond CommonMark: tables, `^[a footnote]` or `[^1]`, `m^2^`, `CO~2~`, `~~so~~`, lists of definitions and of what is
done (`- [x]`), `[words]{lang=de}` or a line `{lang=el}` above a paragraph for
words in another language, `[2014]{as=year}` for digits that measure nothing, `## A heading {#name}` for links.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any
from urllib.parse import unquote

from markdown_it.token import Token
from markupsafe import Markup, escape

from builder.content.leftover import ADDRESS as ADDRESS_SIGN
from builder.content.leftover import CODE, ESCAPED, QUOTED, attributes, definitions, leftovers, templates
from builder.content.markup import ADDRESS, Found, Heading, Quote
from builder.content.notes import environment, note_leftovers, taken_off
from builder.content.syntax import markdown
from builder.model.manuscript import Text

_BRACES = re.compile(r"\{\{(?:[^{}]|\}(?!\}))*\}\}")


_NOTHING = Found((), (), (), (), (), (), (), (), ())
# The attributes that have an effect, by what they stand at; `style` is the alignment of a table's column.
_ANY = frozenset(("lang",))
_ATTRIBUTES = {
    "link_open": _ANY | {"href", "title"},
    "image": _ANY | {"src", "alt", "title"},
    "span_open": _ANY | {"as"},
    "ordered_list_open": _ANY | {"start"},
    "th_open": _ANY | {"style"},
    "td_open": _ANY | {"style"},
}
_SIGNS = {"text_special": ESCAPED, "code_inline": CODE, "quote": QUOTED, "softbreak": "\n", "hardbreak": "\n"}
# Without one of these, a text is words alone: no markdown to parse.
_MARKED_UP = re.compile(r"[\\`*_{}\[\]<>#&|!^~=$]|^:|^\s*(?:[-+]|\d+[.)])|^ {4}", re.MULTILINE)


def _walk(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _walk(token.children or [])


@lru_cache(maxsize=4096)
def find(text: str) -> Found:
    """What `text` refers to, without printing it."""
    if not _MARKED_UP.search(text):
        return _NOTHING
    quotes: list[Quote] = []
    links: list[tuple[str, str]] = []
    bare: list[str] = []
    row = ""
    lines = text.split("\n")
    images: list[tuple[str, str]] = []
    html: list[str] = []
    headings: list[Heading] = []
    marks: list[str] = []
    broken: list[str] = []
    env: dict[str, Any] = {}
    tokens = markdown(True).parse(text, env)
    left: list[tuple[str, str]] = list(templates(text))
    for opening, words in pairwise(tokens):
        if opening.type == "heading_open":
            headings.append(Heading(int(opening.tag[1]), words.content, opening.meta.get("name", "")))
        elif opening.type == "tr_open" and opening.map:
            row = lines[opening.map[0]].strip()
        elif opening.type == "th_open" and not words.content.strip():
            bare.append(row)
    for token in _walk(tokens):
        links += _links(token.children or [])
        left += attributes([(k, str(v)) for k, v in token.attrs.items() if k not in _ATTRIBUTES.get(token.type, _ANY)])
        if token.type == "inline":
            said = _words(token)
            broken += _BRACES.findall(said)
            left += leftovers(ADDRESS.sub(ADDRESS_SIGN, said))
        elif token.type == "quote":
            quotes.append(token.meta["quote"])
        elif token.type == "image":
            images.append((unquote(str(token.attrs["src"])), token.content))
        elif token.type == "span_open" and "as" in token.attrs:
            marks.append(str(token.attrs["as"]))
        elif token.type in ("html_inline", "html_block"):
            html.append(token.content.strip())
    used = {str(t.attrs.get("href", t.attrs.get("src"))) for t in _walk(tokens) if t.type in ("link_open", "image")}
    left += note_leftovers(tokens, env)
    left += definitions({name.lower(): one["href"] for name, one in env.get("references", {}).items()}, used)
    return Found(
        tuple(quotes),
        tuple(links),
        tuple(images),
        tuple(html),
        tuple(broken),
        tuple(headings),
        tuple(bare),
        tuple(marks),
        tuple(dict.fromkeys(left)),
    )


def _words(inline: Token) -> str:
    """The words of a piece of text, with a sign for each thing in it that is none."""
    backslash = ("text_special", True)  # before what is no punctuation, it is one itself
    return "".join(
        one.content if (one.type, one.content == one.markup) == backslash else _SIGNS.get(one.type, one.content)
        for one in inline.children or []
    )


def tables(text: str) -> list[list[list[str]]]:
    """The tables of a text, row by row, each cell as it is written."""
    found: list[list[list[str]]] = []
    for opening, words in pairwise(markdown(False).parse(text)):
        if opening.type == "table_open":
            found.append([])
        elif opening.type == "tr_open":
            found[-1].append([])
        if opening.type in ("th_open", "td_open"):
            found[-1][-1].append(words.content)
    return found


def structure(text: str) -> tuple[object, ...]:
    """All of a text but its words: what it is made of, where links and pictures lead, quotes, code, attributes."""
    found: list[object] = []
    for token in _walk(markdown(False).parse(text)):
        if token.type == "text":
            found += ["text"] if found[-1:] != ["text"] else []
            found += ADDRESS.findall(token.content)
        elif token.type != "inline":
            kept = token.type in ("quote", "code_inline", "code_block", "fence")
            found.append((token.type, token.tag, tuple(sorted(token.attrs.items())), token.content if kept else ""))
    return tuple(found)


def has_note(text: str) -> bool:
    """Whether a text calls a note."""
    return (
        "[" in text
        and "^" in text
        and any(isinstance(part, tuple) and part[0] == "footnote_ref" for part in structure(text))
    )


def _links(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Where links lead, and the words that carry them."""
    target, words = None, ""
    for token in tokens:
        if token.type == "link_open":
            target, words = unquote(str(token.attrs.get("href", ""))), ""
        elif token.type == "link_close" and target is not None:
            yield target, words.strip()
            target = None
        else:
            words += token.content


def render(
    text: Text,
    quote: Callable[[Quote], str | Markup],
    *,
    inline: bool = False,
    numbers: Iterator[int] | None = None,
    notes: bool = True,
    anchors: Callable[[Heading], str] = lambda heading: heading.name,
) -> Markup:
    """Text → HTML. Internal links are written as `book:anchor`, for bind to resolve across sections.

    `anchors` gives what each heading is called in the book.

    Notes take their numbers from `numbers`, which a section shares among its texts. Without `notes`, they are left
    out, as in a list of titles.
    """
    made = markdown(False)
    env = environment(numbers, notes=notes)
    tokens = made.parseInline(text, env) if inline else made.parse(text, env)
    for token in _walk(tokens):
        if token.type == "quote":
            token.meta["text"] = str(escape(quote(token.meta["quote"])))
        elif token.type == "link_open" and str(token.attrs.get("href", "")).startswith("#"):
            token.attrs["href"] = "book:" + str(token.attrs["href"])[1:]
        elif token.type == "span_open" and "as" in token.attrs:
            token.attrs["data-as"] = token.attrs.pop("as")
        elif token.type == "th_open":
            token.attrs["scope"] = "col"
        elif token.type == "list_item_open" and "class" in token.meta:
            token.attrs["class"] = token.meta["class"]
    for opening, words in pairwise(tokens):
        if opening.type == "heading_open":
            heading = Heading(int(opening.tag[1]), words.content, opening.meta.get("name", ""))
            if name := anchors(heading):
                opening.attrs["id"] = name
    env["notes"] = taken_off(tokens)
    return Markup(made.renderer.render(tokens, made.options, env))


def plain(text: str, quote: Callable[[Quote], str]) -> str:
    """The words alone, on one line and without notes: for bookmarks, alternative texts and running heads."""
    parts: list[str] = []
    tokens = markdown(False).parseInline(" ".join(text.split()))
    taken_off(tokens)
    for token in _walk(tokens):
        if token.type == "quote":
            parts.append(quote(token.meta["quote"]))
        elif token.type in ("text", "code_inline"):
            parts.append(token.content)
        elif token.type == "raised":
            parts.append(token.meta["plain"])
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    return "".join(parts)
