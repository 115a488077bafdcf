"""One YAML file → Document, each value with its line and column.

YAML is read as YAML 1.2's core schema (no `yes`/`no`, no base-60 numbers, dates stay text); decimals are exact.
Tags, anchors and aliases are refused: content has no use for them, and they are how YAML files attack their reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import yaml

from builder.content.indentation import indent, misplaced_line
from builder.model.diagnostics import Diagnostic, ExitCode, ReportError, Span
from builder.model.manuscript import Document, Path_, Text, Value
from builder.model.spelling import composed

DEEPEST = 24
# A plain word with more digits than this is no number.
LONGEST = 40
# What YAML takes for the end of a line (YAML 1.1, 4.2).
_BREAK = re.compile("\n|\x85|\u2028|\u2029")
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?[0-9]+\.[0-9]+")
_GROUPED = re.compile(r"[-+]?[1-9][0-9]{0,2}(\.[0-9]{3})+")
_NULL = {"", "~", "null"}
_BOOL = {"true": True, "false": False}


def read_yaml(path: Path, name: str, problems: list[Diagnostic]) -> Document:
    """Read one file; what is wrong with it is added to `problems`, and what could be read is returned."""
    try:
        return read_text(path.read_bytes().decode("utf-8-sig"), name, problems)
    except FileNotFoundError:
        problems.append(Diagnostic("missing-file", f'there is no file "{name}"', "every project has one", Span(name)))
    except OSError as error:
        raise ReportError(
            [Diagnostic("cannot-read", f"{name}: {error.strerror}", "check the file's permissions", Span(name))],
            ExitCode.CONTENT,
        ) from error
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        problems.append(
            Diagnostic(
                "not-utf8",
                "the file is not in UTF-8",
                'save it again as "UTF-8" in the editor',
                Span(name, before.count(b"\n") + 1, error.start - before.rfind(b"\n")),
            )
        )
    return Document(name, {}, {}, {})


def read_text(text: str, name: str, problems: list[Diagnostic]) -> Document:
    """The same for what a file holds."""
    places: dict[Path_, Span] = {}
    key_places: dict[Path_, Span] = {}
    data: Value = {}
    text = composed(text.replace("\r\n", "\n").replace("\r", "\n"))
    try:
        data = _Reader(name, text, places, key_places, problems).document()
    except yaml.YAMLError as error:
        problems.append(_unreadable(error, name, text))
    return Document(name, data, places, key_places)


def _unreadable(error: yaml.YAMLError, name: str, text: str) -> Diagnostic:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = text.splitlines()
    here = lines[line - 1] if line <= len(lines) else ""
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it is not YAML"
    if mark is None and (position := getattr(error, "position", None)) is not None:
        line = text.count("\n", 0, position) + 1
        column = position - text.rfind("\n", 0, position)
    if "\t" in here[: len(here) - len(here.lstrip())] or "'\\t'" in problem or "tab character" in problem:
        return Diagnostic(
            "yaml-tab",
            "a tab character is used to indent",
            "YAML wants spaces: replace the tab with two spaces",
            Span(name, line, here.find("\t") + 1 or column),
        )
    if (misplaced := misplaced_line(lines, line - 1)) is not None:
        at, message, hint = misplaced
        return Diagnostic("yaml-syntax", message, hint, Span(name, at + 1, indent(lines[at]) + 1))
    return Diagnostic(
        "yaml-syntax",
        f"the file cannot be read: {problem}",
        'often it is a text with ": " or a quote in it; put the text in quotes, or after "|" on lines of its own',
        Span(name, line, column),
    )


class _Reader:
    """Builds plain values from YAML's events, noting the place of each."""

    def __init__(
        self,
        name: str,
        text: str,
        places: dict[Path_, Span],
        key_places: dict[Path_, Span],
        problems: list[Diagnostic],
    ) -> None:
        self.name, self.places, self.key_places, self.problems = name, places, key_places, problems
        self.text = text
        self.starts = [0, *(m.end() for m in _BREAK.finditer(text))]
        self.events: Iterator[yaml.Event] = yaml.parse(text, Loader=yaml.CSafeLoader)

    def document(self) -> Value:
        value: Value = {}
        seen = False
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if seen:
                    self.problem(
                        "yaml-documents",
                        "the file holds more than one document",
                        'remove the line "---" in the middle',
                        event,
                    )
                    break
                seen = True
                value = self.value(next(self.events), ())
        return value

    def problem(self, code: str, message: str, hint: str, event: yaml.Event) -> None:
        self.problems.append(Diagnostic(code, message, hint, self.span(event)))

    def span(self, event: yaml.Event) -> Span:
        mark = event.start_mark
        assert mark is not None  # the parser marks every event
        return Span(self.name, mark.line + 1, mark.column + 1)

    def value(self, event: yaml.Event, path: Path_) -> Value:
        self.places[path] = self.span(event)
        tag, anchor = getattr(event, "tag", None), getattr(event, "anchor", None)
        if tag is not None and tag != "!":
            self.problem(
                "yaml-tag",
                f'the tag "{tag}" is not allowed',
                "content is plain text, numbers, lists and maps: remove the word after !",
                event,
            )
        if isinstance(event, yaml.AliasEvent):
            self.problem(
                "yaml-alias",
                f'the alias "*{anchor}" is not allowed',
                "write the value again in full",
                event,
            )
            return None
        if anchor:
            self.problem(
                "yaml-alias",
                f'the anchor "&{anchor}" is not allowed',
                "write the value in full where it is needed",
                event,
            )
        if len(path) > DEEPEST:
            mark = cast("yaml.Mark", event.start_mark)
            raise yaml.MarkedYAMLError(problem=f"more than {DEEPEST} levels deep", problem_mark=mark)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(path)
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(path)
        assert isinstance(event, yaml.ScalarEvent)
        return self.scalar(event)

    def sequence(self, path: Path_) -> list[Value]:
        items: list[Value] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.value(event, (*path, len(items))))
        return items

    def mapping(self, path: Path_) -> dict[Text | int, Value]:
        items: dict[Text | int, Value] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self.problem("yaml-key", "a key must be a word", "write it as `key: value`", event)
                self.value(event, (*path, "?"))
                self.value(next(self.events), (*path, "?"))
                continue
            if event.tag not in (None, "!") or event.anchor:
                self.problem("yaml-tag", "a key has a tag or an anchor", "write the key as a plain word", event)
            key = self.scalar(event)
            name: Text | int = (
                key
                if isinstance(key, int) and not isinstance(key, bool)
                else Text(composed(event.value), self.span(event), event.value)
            )
            where = (*path, name if isinstance(name, int) else str(name))
            if name in items:
                self.problem(
                    "duplicate-key",
                    f'"{name}" is given twice in the same place',
                    f"the first is on line {self.key_places[where].line}: keep one",
                    event,
                )
                self.value(next(self.events), (*path, "?"))
                continue
            self.key_places[where] = self.span(event)
            items[name] = self.value(next(self.events), where)
        return items

    def scalar(self, event: yaml.ScalarEvent) -> Text | int | Decimal | bool | None:
        word = composed(event.value)  # an accent may have been written as \u0300
        if event.style in (None, "") and event.implicit[0]:
            if word in _NULL:
                return None
            if word in _BOOL:
                return _BOOL[word]
            if len(word) <= LONGEST and _INT.fullmatch(word):
                return int(word)
            if _GROUPED.fullmatch(word):
                self.problem(
                    "ambiguous-number",
                    f"{word} can be read in two ways",
                    f"write {word.replace('.', '')} for the whole number (the layout adds the dots), "
                    f"or {word.rstrip('0').rstrip('.')}.0 for the decimal; as text, put it in quotes",
                    event,
                )
            if len(word) <= LONGEST and _DECIMAL.fullmatch(word):
                return Decimal(word)
        return Text(word, self.span(event), self.text[self.at(event.start_mark) : self.at(event.end_mark)])

    def at(self, mark: Any) -> int:
        """The offset of a mark in the file's text."""
        return int(self.starts[mark.line] + mark.column)


def entry_lines(lines: Sequence[str], name: str | None) -> tuple[int, int, int] | None:
    """The first and last line (from 0) of the top-level entry `name`, and how far its keys are indented.

    Without a name, those of the whole file. None where the entry is not there, or is not written over several lines.
    """
    if name is None:
        used = [n for n, line in enumerate(lines) if line.strip()]
        return (used[0], used[-1], 0) if used else None
    keys = (f"{name}:", f'"{name}":', f"'{name}':")
    first = next(
        (n for n, line in enumerate(lines) if line.rstrip() in keys or line.startswith(tuple(f"{k} #" for k in keys))),
        None,
    )
    if first is None:
        return None
    inner = [n for n in range(first + 1, len(lines)) if lines[n].strip()]
    last, indent = first, 0
    for n in inner:
        deep = len(lines[n]) - len(lines[n].lstrip())
        if deep == 0:
            break
        indent = indent or deep
        if deep >= indent and not lines[n].lstrip().startswith("#"):
            last = n
    return (first + 1, last, indent) if last > first else None


def as_yaml(value: dict[str, str]) -> list[str]:
    """The lines that say `value` in YAML."""
    return str(yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=1000)).splitlines()
