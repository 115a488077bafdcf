"""Every text of a report, with its place, and with what is not words masked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from builder.content.leftover import QUOTED
from builder.content.markup import ADDRESS_START, QUOTE, RAISED, Quote, quotes_in, small
from builder.model.body import FigureBlock, PhotoBlock, blocks, printed_texts
from builder.model.front import Frontmatter, PageEntry, PartEntry, Topic
from builder.model.indicator import Indicator
from builder.model.manuscript import Text
from builder.model.report import Report

_MARK = re.compile(r"\[((?:[^\[\]{]|\{\{[^{}]*\}\}|\{)*+)\]\{\s*as=([a-z]+)\s*\}")
# Where links and pictures lead, with their titles; attributes; addresses in brackets and by themselves; definitions of
# links (CommonMark 0.31, 4.7, 6.3, 6.5).
_DESTINATION = r"""(?:<[^<>\n]*>|(?:[^\s()]|\([^\s()]*\))*)(?:\s+(?:"[^"]*"|'[^']*'|\([^()]*\)))?\s*"""
_IDLE = re.compile(
    rf"(?<=\])\({_DESTINATION}\)|(?<=\])\{{[^{{}}]*\}}|^\{{lang=[^}}]*\}}$|<[a-z][a-z0-9+.-]+:[^<>\s]*>|"
    rf"^ {{0,3}}\[[^\]]+\]:\s*{_DESTINATION}$|{ADDRESS_START}[^\s<>]*[^\s<>.,:;!?)\]\"']"
    r"|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]*);",
    re.MULTILINE | re.IGNORECASE,
)
# Code between as many backticks as began it, and fenced blocks (4.5, 6.1).
_CODE = re.compile(
    r"^ {0,3}(`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}\1|\Z)|(?<!`)(`+)(?!`).*?(?<!`)\2(?!`)", re.DOTALL | re.MULTILINE
)
# Without one of these, nothing in a text has to be masked, but for addresses.
_PLAIN = frozenset("{`[<~^&")

# Stands where signs of markup do inside a word (U+2060, word joiner).
_JOINER = "\u2060"

Role: TypeAlias = Literal["title", "prose", "line", "plain"]


@dataclass(frozen=True, slots=True)
class Writing:
    """One text. `role` says how it prints: a title, running text, one line of Markdown, or as it is.

    `masked` has the same length as the text: quoted numbers are QUOTED, code is x; addresses, and what marks words (but
    not these), are spaces.
    """

    text: Text
    role: Role
    topic: Topic | None = None
    indicator: str | None = None

    @property
    def masked(self) -> str:
        return masked(self.text)

    @property
    def quotes(self) -> Mapping[int, Quote]:
        """The quoted numbers (not page numbers) by the offset at which they begin."""
        return quotes_in(self.text)

    @property
    def marks(self) -> Iterator[tuple[int, int, str]]:
        """Where marked words begin and end, and as what they are marked."""
        return ((m.start(1), m.end(1), m[2]) for m in _MARK.finditer(self.text))


def masked(text: str) -> str:
    if not _PLAIN.isdisjoint(text) or "/" in text or "www." in text:
        return _CODE.sub(lambda m: "x" * len(m[0]), _plain(text))
    return text


def _plain(text: str) -> str:
    text = QUOTE.sub(lambda m: QUOTED * len(m[0]), text)
    text = RAISED.sub(lambda m: small(m[1], m[2]).ljust(len(m[0]), _JOINER), text)
    return _IDLE.sub(lambda m: " " * len(m[0]), text)


def unmarked(text: str) -> str:
    """A text masked, with spaces for marked words too, and code as it prints: what is left may hold loose numbers."""
    blanked = _MARK.sub(lambda m: " " * len(m[0]), text)
    return _plain(blanked)  # what is written as code prints too


def writings(report: Report) -> Iterator[Writing]:
    """Every text that is printed or heard, in the order of the files. Words copied from a source are not ours."""
    yield from front_writings(report.front)
    for topic in report.topics.values():
        yield from topic_writings(topic)
    for name, one in report.register.items():
        yield from indicator_writings(name, one)
    for source in report.sources.values():
        if source.note is not None:
            yield Writing(source.note, "plain")


def front_writings(front: Frontmatter) -> Iterator[Writing]:
    yield Writing(front.title, "title")
    yield Writing(front.organisation, "plain")
    for title in (front.subtitle, *(e.title for e in front.order if isinstance(e, PageEntry | PartEntry))):
        if title is not None:
            yield Writing(title, "title")
    if front.description is not None:
        yield Writing(front.description, "plain")
    texts = [front.colophon, front.method]
    texts += [t for e in front.order if isinstance(e, PartEntry) for t in (e.lead, e.text)]
    yield from (Writing(text, "prose") for text in texts if text is not None)


def topic_writings(topic: Topic) -> Iterator[Writing]:
    for title in (topic.title, topic.short):
        if title is not None:
            yield Writing(title, "title", topic)
    for text in (topic.lead, topic.text, *topic.extra.values()):
        if text is not None:
            yield Writing(text, "prose", topic)
    figure, image = topic.figure, topic.image
    for line in (figure.title if figure else None, figure.note if figure else None, image.caption if image else None):
        if line is not None:
            yield Writing(line, "line", topic)
    for alt in (figure.alt if figure else None, image.alt if image else None):
        if alt is not None:
            yield Writing(alt, "line" if figure and alt is figure.alt else "plain", topic)
    for block, _, _ in blocks(topic.body):
        yield from (Writing(text, role, topic) for role, text in printed_texts(block))
        if isinstance(block, FigureBlock) and block.figure.alt is not None:
            yield Writing(block.figure.alt, "line", topic)
        if isinstance(block, PhotoBlock):
            yield Writing(block.alt, "plain", topic)


def indicator_writings(name: str, one: Indicator) -> Iterator[Writing]:
    for plain in (one.label, one.short, one.qualifier):
        if plain is not None:
            yield Writing(plain, "plain", indicator=name)
    for line in (one.scope, one.leaves_out, one.method, one.note, one.reason):
        if line is not None:
            yield Writing(line, "line", indicator=name)


def words(text: str) -> list[str]:
    """The words of a text, for comparison: small letters, without signs."""
    return re.findall(r"[^\W_]+", text.casefold())
