"""The Markdown that texts are written in: CommonMark without raw HTML, and what this report adds to it."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.attrs import attrs_block_plugin, attrs_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from builder.content.markup import QUOTE, RAISED, Quote, small, unbroken
from builder.content.notes import note

# The name of a heading, for links: `## Scuole {#scuole}`.
_NAMED = re.compile(r"\s*\{#([^\s{}]+)\}\s*$")
_MARKED_LINK = re.compile(r"\[((?:[^\[\]\n]|\[[^\[\]\n]*\]\{[^{}\n]*\})+)\]\(([^()\s]+)\)")
# An item of a list of what is done and what is not: `- [x] done`.
_TICKED = re.compile(r"\[([ xX])\]\s+")


def _quote(state: StateInline, silent: bool) -> bool:
    match = QUOTE.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        token = state.push("quote", "", 0)
        token.meta = {"quote": Quote.of(match)}
        token.content = match[0]
    state.pos = match.end()
    return True


def _marked_link(state: StateInline, silent: bool) -> bool:
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


def _raised(state: StateInline, silent: bool) -> bool:
    """Superscript and subscript."""
    match = RAISED.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        tag = "sup" if match[1] else "sub"
        state.push(f"{tag}_open", tag, 1)
        words = state.push("raised", "", 0)
        words.content, words.meta = match[1] or match[2], {"plain": small(match[1], match[2])}
        state.push(f"{tag}_close", tag, -1)
    state.pos = match.end()
    return True


def _name_headings(state: StateCore) -> None:
    """Takes the names off the ends of headings, before their words are read."""
    for opening, words in pairwise(state.tokens):
        if opening.type == "heading_open" and (name := _NAMED.search(words.content)) is not None:
            words.content = words.content[: name.start()]
            opening.meta["name"] = name[1]


def _tick_items(state: StateCore) -> None:
    """Takes the boxes off the heads of list items, before their words are read."""
    for item, paragraph, words in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        opened = item.type == "list_item_open" and paragraph.type == "paragraph_open"
        if opened and (box := _TICKED.match(words.content)) is not None:
            words.content = words.content[box.end() :]
            item.meta["class"] = "to-do" if box[1] == " " else "done"


@lru_cache(maxsize=2)
def markdown(html: bool) -> MarkdownIt:
    """The parser and renderer of texts; with `html`, one that only looks through them, and sees what would be lost."""
    made = MarkdownIt("commonmark", {"html": html}).enable(["table", "strikethrough"])
    # Where a text is only looked through, attributes that have no effect are to be seen.
    made.use(footnote_plugin).use(attrs_plugin, spans=True, allowed=None if html else ["lang", "as"])
    made.use(attrs_block_plugin, allowed=None if html else ["lang"]).use(deflist_plugin)
    if html:
        made.disable("text_join")  # escaped characters stay apart
    made.inline.ruler.before("escape", "quote", _quote)
    made.inline.ruler.before("link", "marked_link", _marked_link)
    made.inline.ruler.before("strikethrough", "raised", _raised)
    made.core.ruler.before("inline", "name_headings", _name_headings)
    made.core.ruler.before("inline", "tick_items", _tick_items)
    made.add_render_rule("text", lambda _, tokens, at, *__: unbroken(tokens[at].content))
    made.add_render_rule("raised", lambda _, tokens, at, *__: f'<span data-as="name">{tokens[at].content}</span>')
    made.add_render_rule("quote", lambda _, tokens, at, *__: str(tokens[at].meta["text"]))
    made.add_render_rule("footnote_ref", note)
    made.add_render_rule("paragraph_in_note", lambda *_: "<br>")
    return made
