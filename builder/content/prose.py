"""Markdown (CommonMark, no raw HTML) with quoted indicators: `{{ id }}`, `{{ id.base }}`, `{{ page:topic }}`,
`{{ figure:id }}`, `{{ table:id }}`.

Beyond CommonMark: tables, `^[a footnote]`, `[words]{lang=de}` or a line `{lang=el}` above a paragraph for
words in another language, `[2014]{as=year}` for digits that measure nothing, `## A heading {#name}` for links.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import count, pairwise
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape
from mdit_py_plugins.attrs import attrs_block_plugin, attrs_plugin
from mdit_py_plugins.footnote import footnote_plugin

from builder.content.leftover import ADDRESS as ADDRESS_SIGN
from builder.content.leftover import CODE, ESCAPED, QUOTED, attributes, definitions, leftovers, templates
from builder.content.markup import ADDRESS, QUOTE, Found, Heading, Quote, unbroken
from builder.model.manuscript import Text

# The name of a heading, for links: `## Scuole {#scuole}`.
_NAMED = re.compile(r"\s*\{#([^\s{}]+)\}\s*$")
_MARKED_LINK = re.compile(r"\[((?:[^\[\]\n]|\[[^\[\]\n]*\]\{[^{}\n]*\})+)\]\(([^()\s]+)\)")
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


def _quote_rule(state: StateInline, silent: bool) -> bool:
    match = QUOTE.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        token = state.push("quote", "", 0)
        token.meta = {"quote": Quote.of(match)}
        token.content = match[0]
    state.pos = match.end()
    return True


def _link_rule(state: StateInline, silent: bool) -> bool:
    """A link with marked words in it, `[[2014]{as=year}](#a)`: markdown-it takes those for a link in a link."""
    match = _MARKED_LINK.match(state.src, state.pos)
    if match is None or "]{" not in match[1] or state.linkLevel:
        return False
    if not silent:
        end, state.pos, state.posMax = state.posMax, match.start(1), match.end(1)
        state.push("link_open", "a", 1).attrs = {"href": state.md.normalizeLink(match[2])}
        state.linkLevel += 1
        state.md.inline.tokenize(state)
        state.linkLevel -= 1
        state.push("link_close", "a", -1)
        state.posMax = end
    state.pos = match.end()
    return True


def _name_headings(state: StateCore) -> None:
    """Takes the names off the ends of headings, before their words are read."""
    for opening, words in pairwise(state.tokens):
        if opening.type == "heading_open" and (name := _NAMED.search(words.content)) is not None:
            words.content = words.content[: name.start()]
            opening.meta["name"] = name[1]


@lru_cache(maxsize=2)
def _markdown(html: bool) -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": html}).enable("table")
    # Where a text is only looked through, attributes that have no effect are to be seen.
    markdown.use(footnote_plugin).use(attrs_plugin, spans=True, allowed=None if html else ["lang", "as"])
    markdown.use(attrs_block_plugin, allowed=None if html else ["lang"])
    if html:
        markdown.disable("text_join")  # escaped characters stay apart
    # Notes are written where they are called: ^[…]. Those apart from it could be lost or called twice.
    markdown.disable(["footnote_def", "footnote_ref"])
    markdown.inline.ruler.before("escape", "quote", _quote_rule)
    markdown.inline.ruler.before("link", "marked_link", _link_rule)
    markdown.core.ruler.before("inline", "name_headings", _name_headings)
    markdown.add_render_rule("text", lambda _, tokens, at, *__: unbroken(tokens[at].content))
    markdown.add_render_rule("quote", lambda _, tokens, at, *__: str(tokens[at].meta["text"]))
    markdown.add_render_rule("footnote_ref", _note)
    return markdown


def _note(renderer: RendererHTML, calls: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
    if env["numbers"] is None:
        return ""
    words = renderer.renderInline(env["notes"][calls[at].meta["id"]], options, env)
    comma = '<span class="between">,</span>' if at and calls[at - 1].type == "footnote_ref" else ""
    return f'{comma}<span class="note" data-number="{next(env["numbers"])}">{words}</span>'


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
    tokens = _markdown(True).parse(text, env)
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
    for opening, words in pairwise(_markdown(False).parse(text)):
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
    for token in _walk(_markdown(False).parse(text)):
        if token.type == "text":
            found += ["text"] if found[-1:] != ["text"] else []
            found += ADDRESS.findall(token.content)
        elif token.type != "inline":
            kept = token.type in ("quote", "code_inline", "code_block", "fence")
            found.append((token.type, token.tag, tuple(sorted(token.attrs.items())), token.content if kept else ""))
    return tuple(found)


def has_note(text: str) -> bool:
    """Whether a text calls a note."""
    return "^[" in text and any(isinstance(part, tuple) and part[0] == "footnote_ref" for part in structure(text))


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
    markdown = _markdown(False)
    env: dict[str, object] = {"numbers": (numbers or count(1)) if notes else None}
    tokens = markdown.parseInline(text, env) if inline else markdown.parse(text, env)
    for token in _walk(tokens):
        if token.type == "quote":
            token.meta["text"] = str(escape(quote(token.meta["quote"])))
        elif token.type == "link_open" and str(token.attrs.get("href", "")).startswith("#"):
            token.attrs["href"] = "book:" + str(token.attrs["href"])[1:]
        elif token.type == "span_open" and "as" in token.attrs:
            token.attrs["data-as"] = token.attrs.pop("as")
        elif token.type == "th_open":
            token.attrs["scope"] = "col"
    for opening, words in pairwise(tokens):
        if opening.type == "heading_open":
            heading = Heading(int(opening.tag[1]), words.content, opening.meta.get("name", ""))
            if name := anchors(heading):
                opening.attrs["id"] = name
    env["notes"] = _footnotes(tokens)
    return Markup(markdown.renderer.render(tokens, markdown.options, env))


def _footnotes(tokens: list[Token]) -> dict[int, list[Token]]:
    """Takes the block of footnotes off the end; the layout sets each at the foot of the page of its call."""
    start = next((i for i, t in enumerate(tokens) if t.type == "footnote_block_open"), None)
    if start is None:
        return {}
    notes: dict[int, list[Token]] = {}
    current = 0
    for token in tokens[start:]:
        if token.type == "footnote_open":
            current = token.meta["id"]
        elif token.type == "inline":
            notes[current] = [_spaced(t) for t in token.children or [] if t.type != "footnote_anchor"]
    del tokens[start:]
    return notes


def _spaced(token: Token) -> Token:
    """A line end of the YAML is a space: the layout engine takes that for granted everywhere but in notes."""
    return Token("text", "", 0, content=" ") if token.type == "softbreak" else token


def plain(text: str, quote: Callable[[Quote], str]) -> str:
    """The words alone, on one line and without notes: for bookmarks, alternative texts and running heads."""
    parts: list[str] = []
    tokens = _markdown(False).parseInline(" ".join(text.split()))
    _footnotes(tokens)
    for token in _walk(tokens):
        if token.type == "quote":
            parts.append(quote(token.meta["quote"]))
        elif token.type in ("text", "code_inline"):
            parts.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    return "".join(parts)
