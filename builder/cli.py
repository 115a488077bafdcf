"""The command line: words → options; the only module that prints or exits."""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from builder import __version__
from builder.diagnostics import Diagnostic, ExitCode, ReportError, Severity, as_json, errors, in_order
from builder.progress import Bar

app = typer.Typer(
    name="builder",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Prints an accountability report: content in YAML, layouts in HTML and CSS, a paginated PDF.",
    epilog="Example:  builder new my-report && builder build --project my-report",
)
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

ProjectOption = Annotated[
    Path,
    typer.Option("--project", "-p", metavar="DIR", help="The report's folder.", show_default="this folder"),
]


class Format(StrEnum):
    """How diagnostics are written."""

    HUMAN = "human"
    SHORT = "short"
    JSON = "json"


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    try:
        app(args=argv, prog_name="builder")
    except SystemExit as end:
        if end.code == ExitCode.INTERRUPTED:
            err.print("interrupted; the last good PDF is untouched")
        return int(end.code or ExitCode.OK)
    except ReportError as error:
        _show(error.diagnostics)
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return ExitCode.CANNOT_WRITE
    except Exception:  # noqa: BLE001 - the last resort: a bug, said as one
        traceback.print_exc()
        err.print("\nThis is a bug in builder, not in your content. Please report it with the lines above.")
        return ExitCode.BUG
    return ExitCode.OK


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"builder {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    del version  # answered by its callback


def _show(diagnostics: Iterable[Diagnostic], form: Format = Format.HUMAN, *, summary: bool = True) -> None:
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
    if summary and found:
        wrong = len(errors(found))
        err.print(f"{_count(wrong, 'error')}, {_count(len(found) - wrong, 'warning')}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


@app.command(epilog="Example:  builder build --project my-report --strict")
def build(
    project: ProjectOption = Path(),
    edition: Annotated[
        list[str] | None,
        typer.Option("--edition", "-e", metavar="NAME", help="Which edition.", show_default="print"),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="DIR", help="Where the PDF goes.", show_default="output/"),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings stop the build too.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but problems.")] = False,
) -> None:
    """Make the PDF: checks everything first, and writes nothing if anything is wrong."""
    from builder.edition import EDITIONS
    from builder.judge import nearest
    from builder.project import Project

    wanted = edition or ["print"]
    for name in wanted:
        if name not in EDITIONS:
            raise typer.BadParameter(f'there is no edition "{name}"; {nearest(name, EDITIONS)}', param_hint="--edition")
    place = Project.at(project)
    with Bar(err, quiet=quiet) as bar:
        bar("start", 0, 1)
        try:
            from builder.build import build as make
        except (ImportError, OSError) as error:  # Pango and HarfBuzz are loaded when the layout engine is imported
            message = f"the layout engine cannot start: {str(error).splitlines()[0]}"
            raise ReportError(
                [Diagnostic("missing-library", message, "run `builder doctor`: it says what to install")],
                ExitCode.MISSING_TOOL,
            ) from error

        for name in dict.fromkeys(wanted):
            start = time.monotonic()
            built = make(place, EDITIONS[name], output, strict=strict, progress=bar)
            bar.clear()
            _show(built.diagnostics, summary=False)
            if not quiet:
                seconds = time.monotonic() - start
                said = f"{_count(built.pages, 'page')}, {_size(built.size)}, {seconds:.1f} s, "
                out.print(f"{_near(built.path)}  {said}{_count(len(built.diagnostics), 'warning')}", markup=False)


def _near(path: Path) -> str:
    """A path as a person here would type it."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{size / 1000:.0f} kB"


@app.command(epilog="Example:  builder check --format json")
def check(
    project: ProjectOption = Path(),
    form: Annotated[Format, typer.Option("--format", help="How problems are written.")] = Format.HUMAN,
) -> None:
    """Say everything that is wrong with the content, at once, without building."""
    from builder.check import check as judge
    from builder.load import load
    from builder.project import Project

    place = Project.at(project)
    try:
        found = judge(load(place), place).diagnostics
    except ReportError as error:
        found = error.diagnostics
    _show(found, form)
    if not found and form is Format.HUMAN:
        out.print("nothing is wrong with the content")
    if errors(found):
        raise typer.Exit(ExitCode.CONTENT)


@app.command(epilog="Example:  builder new my-report")
def new(folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make.")]) -> None:
    """Make a small, complete project, with comments, that builds at once."""
    from builder.starter import plant

    plant(folder)
    out.print(f"made a report project in {folder}\nnext:  builder build --project {folder}", markup=False)


@app.command(epilog="Example:  builder doctor --project my-report")
def doctor(project: ProjectOption = Path()) -> None:
    """Say what is installed, found and missing, and how to get it."""
    from builder.doctor import examine

    findings = examine(project)
    for one in findings:
        mark, style = ("ok", "green") if one.good else ("missing", "bold red")
        out.print(f"{mark:8}", style=style, end="", markup=False)
        out.print(f"{one.name}: {one.found}", markup=False)
        if not one.good:
            out.print(f"        {one.remedy}", style="dim", markup=False)
    if not all(one.good for one in findings):
        raise typer.Exit(ExitCode.MISSING_TOOL)


@app.command(epilog="Example:  builder schema topic > topic.schema.json")
def schema(
    name: Annotated[str | None, typer.Argument(help="report, indicators, sources, topic, theme or labels.")] = None,
    write: Annotated[Path | None, typer.Option("--write", metavar="DIR", help="Write all of them into DIR.")] = None,
) -> None:
    """JSON Schema of the YAML files, so that editors complete and check them."""
    from builder.judge import nearest
    from builder.schema import SCHEMAS, schema_text, write_schemas

    if write is not None:
        write_schemas(write)
        return
    if name not in SCHEMAS:
        raise typer.BadParameter(
            f'there is no schema "{name or ""}"; {nearest(name or "", SCHEMAS)}', param_hint="NAME"
        )
    typer.echo(schema_text(name))
