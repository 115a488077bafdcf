"""What the YAML files say before anyone has judged it: plain data that remembers where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

from pydantic_core import core_schema

from builder.model.diagnostics import Diagnostic, Span
from builder.model.table import SheetTable

Path_: TypeAlias = tuple[str | int, ...]
Value: TypeAlias = "Text | int | Decimal | bool | list[Value] | dict[Text | int, Value] | None"


class Text(str):
    """A text from a YAML file that knows its place, so that a message about one word can name its column."""

    span: Span | None
    source: str
    _places: list[int] | None
    __slots__ = ("_places", "source", "span")

    def __new__(cls, value: str, span: Span | None = None, source: str = "") -> Text:
        text = super().__new__(cls, value)
        text.span = span
        text.source = source
        text._places = None
        return text

    def __getnewargs__(self) -> tuple[str, Span | None, str]:  # type: ignore[override]
        return (str(self), self.span, self.source)

    def locate(self, words: str, after: str = "") -> Span | None:
        """The place of `words`, where they follow `after`, inside this text as it is written in the file."""
        if self.span is None:
            return None
        at = self.source.find(after + words)
        if at < 0:
            return self.span
        at += len(after)
        before = self.source[:at]
        line = before.count("\n")
        column = at - before.rfind("\n") if line else self.span.column + at
        return Span(self.span.file, self.span.line + line, column)

    def at(self, start: int, end: int | None = None) -> tuple[Span | None, str]:
        """Where the characters from `start` to `end` stand in the file, and how they are written there."""
        if self.span is None or not self.source:
            return self.span, ""
        if self._places is None:
            self._places = _aligned(self, self.source)
        places = self._places
        if start >= len(places):
            return self.span, ""
        first = places[start]
        until = min(start + 1 if end is None else end, len(places))
        last = places[until] if until < len(places) else len(self.source.rstrip()) - (self.source[0] in "'\"")
        last = last if "\n" not in self.source[places[until - 1] : last] else places[until - 1] + 1
        before = self.source[:first]
        line = before.count("\n")
        column = first - before.rfind("\n") if line else self.span.column + first
        return Span(self.span.file, self.span.line + line, column), self.source[first:last]

    @property
    def flat(self) -> str:
        """On one line, with single spaces."""
        return " ".join(self.split())

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: Any) -> core_schema.CoreSchema:
        return core_schema.is_instance_schema(cls, cls_repr="text")

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: Any, _handler: Any) -> dict[str, Any]:
        return {"type": "string"}


def _aligned(value: str, source: str) -> list[int]:
    """For each character of a scalar's value, its offset in the scalar as it is written: quotes, folds and all."""
    at, style = 0, source[0]
    if style in "|>":
        at = source.find("\n") + 1
    elif style in "'\"":
        at = 1
    places: list[int] = []
    for character in value:
        while style == '"' and source.startswith("\\\n", at):  # a line that goes on (YAML 1.2, 7.3.1)
            at += 2
            while at < len(source) and source[at] in " \t":
                at += 1
        while at < len(source) and source[at] != character and source[at] in " \n" and character != " ":
            at += 1
        if character == " ":  # a fold is a space
            while at < len(source) and source[at] not in " \n\\":
                at += 1
        if at >= len(source):
            break
        places.append(at)
        if style == '"' and source[at] == "\\":
            at += {"x": 4, "u": 6, "U": 10}.get(source[at + 1 : at + 2], 2)
        elif style == "'" and character == "'":
            at += 2
        else:
            fold = character == " " and source[at] == "\n"
            at += 1
            while fold and at < len(source) and source[at] in " \n":
                at += 1
    return places


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML file: its data and the place of every value (by path) and key."""

    file: str
    data: Value
    places: Mapping[Path_, Span]
    key_places: Mapping[Path_, Span]

    def span(self, path: Path_, *, key: bool = False) -> Span:
        """Where `path` stands, or the nearest enclosing value that is really in the file."""
        places = self.key_places if key else self.places
        while path and path not in places:
            path, places = path[:-1], self.places
        return places.get(path, Span(self.file))


@dataclass(frozen=True, slots=True)
class Manuscript:
    """Every YAML file of a project, read and marked; nothing in it has been checked."""

    report: Document
    indicators: Document
    sources: Document
    theme: Document
    labels: Document
    topics: Mapping[str, Document]
    read: tuple[str, ...]
    found: tuple[Diagnostic, ...] = ()  # what checks say of tables, while these are read
    tables: Mapping[str, SheetTable | None] = field(default_factory=dict)  # those of topics; None: not to be read
