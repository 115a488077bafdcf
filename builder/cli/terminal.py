"""The terminal: how results and problems are written for people and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from builder.model.diagnostics import Diagnostic, Severity, as_json, errors, in_order, refused

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

ProjectOption = Annotated[
    Path,
    typer.Option("--project", "-p", metavar="DIR", help="The report's folder.", show_default="this folder"),
]


TrustOption = Annotated[
    bool, typer.Option("--trust-code", help="Run the project's own programs for figures (figures/*.py).")
]


class Format(StrEnum):
    """How diagnostics are written."""

    HUMAN = "human"
    SHORT = "short"
    JSON = "json"
    SARIF = "sarif"


class Form(StrEnum):
    """How findings that are no diagnostics are written."""

    HUMAN = "human"
    JSON = "json"


# What a command has said, for a build that will have nothing to do; None where nobody asks.
_told: ContextVar[list[tuple[str, str]] | None] = ContextVar("told", default=None)


@contextmanager
def telling() -> Iterator[list[tuple[str, str]]]:
    """Gathers what is said of diagnostics and by `tell`, as pairs of a stream and a line."""
    lines: list[tuple[str, str]] = []
    token = _told.set(lines)
    try:
        yield lines
    finally:
        _told.reset(token)


def tell(line: str, later: str | None = None) -> None:
    """A line of a result; `later` is how it goes when the same is asked again and nothing has changed."""
    out.print(line, markup=False)
    if (told := _told.get()) is not None:
        told.append(("out", line if later is None else later))


def show(diagnostics: Iterable[Diagnostic], form: Format = Format.HUMAN, *, summary: bool = True) -> None:
    """Problems to standard error (as JSON to standard output)."""
    found = in_order(diagnostics)
    if form is Format.JSON:
        typer.echo(as_json(found))
        return
    for one in found:
        style = "bold red" if one.severity is Severity.ERROR else "yellow"
        where = f"{one.span}: " if one.span else ""
        err.print(where, style="bold", end="", markup=False)
        err.print(f"{one.severity}[{one.code}]", style=style, end="", markup=False)
        err.print(f": {one.message}", markup=False)
        if one.hint and form is Format.HUMAN:
            err.print(f"  hint: {one.hint}", style="dim", markup=False)
        if (told := _told.get()) is not None:
            told.append(("err", one.human()))
    if summary and found:
        wrong = len(errors(found))
        err.print(f"{count(wrong, 'error')}, {count(len(found) - wrong, 'warning')}")


def save(file: Path, words: str) -> None:
    """Write a file that a person asked for. Raises ReportError where that cannot be done."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(words, encoding="utf-8")
    except OSError as error:
        raise refused(file, error, "name a file in a folder where you may write") from error


def count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def near(path: Path) -> str:
    """A path as a person here would type it."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def size(size: float) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{size / 1000:.0f} kB"


def there(file: Path, which: str) -> None:
    """Refuse an argument that names no file."""
    if not file.is_file():
        said = f"{file} is a folder" if file.is_dir() else f"there is no file {file}"
        raise typer.BadParameter(said, param_hint=which)
