"""Notes of texts: `^[so]` where they are called, or `[^1]` with `[^1]: so` below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

# What a note is made of: anything else in it would be lost.
_KNOWN = frozenset(
    ("paragraph_open", "paragraph_close", "inline", "footnote_anchor", "footnote_open", "footnote_close")
)


def environment(numbers: Iterator[int] | None, *, notes: bool) -> dict[str, Any]:
    """What rendering shares; `numbers` gives the next note its number. Without `notes`, they are left out."""
    return {"numbers": (numbers or count(1)) if notes else None, "called": {}}


def note(renderer: RendererHTML, calls: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
    """A note in the place of its call: the layout sets it at the foot of the page. Called again, its number alone."""
    if env["numbers"] is None:
        return ""
    name, called = calls[at].meta["id"], env["called"]
    comma = '<span class="between">,</span>' if at and calls[at - 1].type == "footnote_ref" else ""
    if name in called:
        return f'{comma}<span class="called-again" data-as="number">{called[name]}</span>'
    called[name] = next(env["numbers"])
    words = renderer.renderInline(env["notes"][name], options, env)
    return f'{comma}<span class="note" data-number="{called[name]}">{words}</span>'


def taken_off(tokens: list[Token]) -> dict[int, list[Token]]:
    """The words of each note, by number; takes their block off the end of `tokens`."""
    notes: dict[int, list[Token]] = {}
    current = 0
    for token in _block(tokens):
        if token.type == "footnote_open":
            current = token.meta["id"]
        elif token.type == "inline":
            words = [_spaced(one) for one in token.children or [] if one.type != "footnote_anchor"]
            notes[current] = (
                [*notes[current], Token("paragraph_in_note", "br", 0), *words] if current in notes else words
            )
    start = next((at for at, one in enumerate(tokens) if one.type == "footnote_block_open"), len(tokens))
    del tokens[start:]
    return notes


def note_leftovers(tokens: list[Token], env: EnvType) -> Iterator[tuple[str, str]]:
    """What of the notes of a text would be lost, as it is written, and what to do about it."""
    for name, number in env.get("footnotes", {}).get("refs", {}).items():
        if number == -1:
            yield f"[^{name[1:]}]:", f"no text calls this note: write [^{name[1:]}] where it belongs, or take it out"
    for token in _block(tokens):
        if token.type == "inline" and any(one.type == "footnote_ref" for one in token.children or []):
            yield token.content, "a note has no notes: write this one in words"
        elif token.type not in _KNOWN and token.type != "footnote_anchor":
            yield token.content or token.markup or token.tag, "a note has words and paragraphs, and nothing else"


def _block(tokens: list[Token]) -> list[Token]:
    """The tokens of all notes, which stand at the end."""
    start = next((at for at, one in enumerate(tokens) if one.type == "footnote_block_open"), len(tokens))
    return tokens[start + 1 : -1]


def _spaced(token: Token) -> Token:
    """A line end of the YAML is a space: the layout engine takes that for granted everywhere but in notes."""
    return Token("text", "", 0, content=" ") if token.type == "softbreak" else token
