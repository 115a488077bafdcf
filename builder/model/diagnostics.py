"""Problems as data: what is wrong, where, and what to do about it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class ReportError(Exception):
    """Work cannot go on. Carries every problem found so far and the exit code that fits.

    What is raised with an exit code is of the kind that belongs to it: see `ContentError` and those after it.
    """

    def __new__(cls, _found: Iterable[Diagnostic], exit_code: ExitCode | None = None) -> ReportError:
        kind = _KINDS.get(ExitCode.CONTENT if exit_code is None else exit_code, cls) if cls is ReportError else cls
        return super().__new__(kind)

    def __init__(self, diagnostics: Iterable[Diagnostic], exit_code: ExitCode | None = None) -> None:
        self.diagnostics = tuple(diagnostics)
        own = next((code for code, kind in _KINDS.items() if kind is type(self)), ExitCode.CONTENT)
        self.exit_code = own if exit_code is None else exit_code
        super().__init__("; ".join(d.message for d in self.diagnostics))

    def __reduce__(self) -> tuple[type[ReportError], tuple[tuple[Diagnostic, ...], ExitCode]]:
        return ReportError, (self.diagnostics, self.exit_code)


class ExitCode(IntEnum):
    """What the `builder` command answers to the shell."""

    OK = 0
    CONTENT = 1
    USAGE = 2
    MISSING_TOOL = 3
    PREFLIGHT = 4
    CANNOT_WRITE = 5
    BUG = 70
    INTERRUPTED = 130


class ContentError(ReportError):
    """Something is wrong with the content or the layouts."""


class UsageError(ReportError):
    """There is no such project, printer or edition."""


class MissingToolError(ReportError):
    """A tool, a library or a font is not there."""


class PreflightError(ReportError):
    """The finished PDF broke a rule."""


class CannotWriteError(ReportError):
    """A file could not be written."""


class WorkerError(ReportError):
    """A process died or hung while it made something."""


_KINDS: dict[ExitCode, type[ReportError]] = {
    ExitCode.CONTENT: ContentError,
    ExitCode.USAGE: UsageError,
    ExitCode.MISSING_TOOL: MissingToolError,
    ExitCode.PREFLIGHT: PreflightError,
    ExitCode.CANNOT_WRITE: CannotWriteError,
    ExitCode.BUG: WorkerError,
}


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """A place in a project file; `line` and `column` count from 1. In a table it is a `cell`, such as Dati!B7."""

    file: str
    line: int = 1
    column: int = 1
    cell: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.cell or f'{self.line}:{self.column}'}"


@dataclass(frozen=True, slots=True)
class Fix:
    """What mends a problem: where it stands, what is `written` in the file becomes `words`."""

    written: str
    words: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem: a stable `code`, a message in plain words, a remedy, a place."""

    code: str
    message: str
    hint: str = ""
    span: Span | None = None
    severity: Severity = Severity.ERROR
    fix: Fix | None = None

    @property
    def place(self) -> tuple[str, int, int]:
        return (self.span.file, self.span.line, self.span.column) if self.span else ("", 0, 0)

    def short(self) -> str:
        """One line, as compilers write it: `file:line:col: error[code]: message`."""
        where = f"{self.span}: " if self.span else ""
        return f"{where}{self.severity}[{self.code}]: {self.message}"

    def human(self) -> str:
        """The short line and, below it, what to do."""
        return self.short() + (f"\n  hint: {self.hint}" if self.hint else "")

    def as_dict(self) -> dict[str, object]:
        span = self.span
        return {
            "severity": str(self.severity),
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
            "file": span.file if span else None,
            "line": span.line if span else None,
            "column": span.column if span else None,
            "cell": span.cell or None if span else None,
            "fixable": self.fix is not None,
        }


def warning(code: str, message: str, hint: str = "", span: Span | None = None) -> Diagnostic:
    """A problem that does not stop a build (unless it is `--strict`)."""
    return Diagnostic(code, message, hint, span, Severity.WARNING)


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sorted by file, line and column, each said once; page 3 comes before page 28."""
    return tuple(sorted(dict.fromkeys(diagnostics), key=lambda d: (d.place, d.code, _natural(d.message))))


def _natural(message: str) -> tuple[tuple[int, str], ...]:
    parts = re.split(r"([0-9]{1,9})", message)
    return tuple((int(part), "") if at % 2 else (0, part) for at, part in enumerate(parts))


def errors(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(d for d in diagnostics if d.severity is Severity.ERROR)


def as_json(diagnostics: Iterable[Diagnostic]) -> str:
    return json.dumps([d.as_dict() for d in diagnostics], ensure_ascii=False, indent=2)


def refused(target: object, error: OSError, remedy: str = "") -> ReportError:
    """What ends a run in which a file could not be written."""
    return ReportError(
        [
            Diagnostic(
                "cannot-write",
                f"{target} could not be written: {error.strerror or error}",
                remedy
                or "check that the folder exists, that you may write there and that the disk has room; "
                "the last good file is untouched",
            )
        ],
        ExitCode.CANNOT_WRITE,
    )
