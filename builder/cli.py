"""The command line: words → options; the only module that prints or exits."""

from __future__ import annotations

import re
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
    printer: Annotated[
        list[str] | None,
        typer.Option(
            "--printer",
            metavar="NAME",
            help="For which printer the print edition is made; `builder printers` lists them.",
            show_default="coated-fogra39",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="DIR", help="Where the PDF goes.", show_default="output/"),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings stop the build too.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but problems.")] = False,
) -> None:
    """Make the PDF: checks everything first, and writes nothing if anything is wrong."""
    from builder.edition import EDITIONS, SCREEN, Edition
    from builder.judge import nearest
    from builder.printer import DEFAULT
    from builder.printer import printer as profile
    from builder.project import Project

    wanted = edition or ["print"]
    for name in wanted:
        if name not in EDITIONS:
            raise typer.BadParameter(f'there is no edition "{name}"; {nearest(name, EDITIONS)}', param_hint="--edition")
    place = Project.at(project)
    editions = [SCREEN] if "email" in wanted else []
    if "print" in wanted:
        editions += [Edition("print", profile(name, place)) for name in dict.fromkeys(printer or [DEFAULT])]
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

        for one in editions:
            start = time.monotonic()
            built = make(place, one, output, strict=strict, progress=bar)
            bar.clear()
            _show(built.diagnostics, summary=False)
            if not quiet:
                seconds = time.monotonic() - start
                said = f"{_count(built.pages, 'page')}, {_size(built.path.stat().st_size)}, {seconds:.1f} s, "
                out.print(f"{_near(built.path)}  {said}{_count(len(built.diagnostics), 'warning')}", markup=False)
                for line in built.remarks:
                    out.print(f"  {line}", markup=False)
                for path in built.paths[1:]:
                    out.print(_near(path), markup=False)


@app.command(epilog="Example:  builder preflight annual-report.pdf --printer coated-fogra39")
def preflight(
    file: Annotated[Path, typer.Argument(metavar="FILE.pdf", help="Any PDF, made by this tool or another.")],
    printer: Annotated[
        str, typer.Option("--printer", metavar="NAME", help="The printer profile that it is held against.")
    ] = "coated-fogra39",
    project: ProjectOption = Path(),
    cover: Annotated[
        bool, typer.Option("--cover", help="The file is a cover: a spread of back, spine and front.")
    ] = False,
    form: Annotated[Format, typer.Option("--format", help="How findings are written.")] = Format.HUMAN,
) -> None:
    """Say what a print shop would find wrong with a PDF. Exit code 4 where it is not fit for the press."""
    from builder.preflight import preflight as examine
    from builder.printer import printer as profile
    from builder.project import Project

    if not file.is_file():
        raise typer.BadParameter(f"there is no file {file}", param_hint="FILE.pdf")
    try:
        place = Project.at(project)
    except ReportError:
        place = None
    verdict = examine(file, profile(printer, place), cover=cover)
    if form is Format.JSON:
        typer.echo(verdict.as_json())
    else:
        _show(verdict.diagnostics, form)
        if verdict.good:
            out.print(f"{file.name}: {verdict.summary}", markup=False)
    if not verdict.good:
        raise typer.Exit(ExitCode.PREFLIGHT)


@app.command(epilog="Example:  builder impose output/report-print-office.pdf --booklet --sheet A4")
def impose(
    file: Annotated[Path, typer.Argument(metavar="FILE.pdf", help="A finished PDF.")],
    booklet: Annotated[
        bool, typer.Option("--booklet", help="Two pages a side, to fold and stitch in the middle.")
    ] = False,
    n_up: Annotated[
        str | None, typer.Option("--n-up", metavar="COLUMNSxROWS", help="Pages side by side, to cut apart: 2x2.")
    ] = None,
    sheet: Annotated[
        str | None,
        typer.Option("--sheet", metavar="SIZE", help="A4, A3, SRA3 … or 320x450 (mm); pages are made smaller to fit."),
    ] = None,
    caliper: Annotated[
        float, typer.Option("--caliper", min=0, max=2, help="Thickness of a leaf in mm, for the creep of inner sheets.")
    ] = 0.1,
    keep_back: Annotated[
        bool, typer.Option("--keep-back", help="Blank pages go before the last page: it is the back cover.")
    ] = False,
    marks: Annotated[
        bool, typer.Option("--marks/--no-marks", help="Crop and fold marks, where they have room.")
    ] = True,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE.pdf", help="Where it goes.")] = None,
) -> None:
    """Put the pages of a PDF on sheets: a booklet to fold, or several pages to cut apart."""
    from builder.impose import impose as lay_out
    from builder.impose import sheet_size

    grid = re.fullmatch(r"([1-9]\d?)x([1-9]\d?)", n_up) if n_up else None
    if booklet == bool(n_up) or (n_up and not grid):
        raise typer.BadParameter("give --booklet, or --n-up with columns and rows: 2x2", param_hint="--booklet")
    if not file.is_file():
        raise typer.BadParameter(f"there is no file {file}", param_hint="FILE.pdf")
    target = output or file.with_name(f"{file.stem}-{'booklet' if booklet else n_up}.pdf")
    if target.resolve() == file.resolve():
        raise typer.BadParameter("the sheets would take the place of the file itself", param_hint="--output")
    sides = lay_out(
        file,
        target,
        grid=(int(grid[1]), int(grid[2])) if grid else None,
        caliper=caliper,
        on=sheet_size(sheet) if sheet else None,
        marks="crop" if marks else "none",
        keep_back=keep_back,
    )
    out.print(f"{_near(target)}  {_count(sides, 'side')}", markup=False)
    if booklet:
        out.print("  print both sides, turned on the short edge; fold all sheets together and stitch them in the fold")


@app.command(epilog="Example:  builder printers")
def printers(project: ProjectOption = Path()) -> None:
    """List the printer profiles that there are, with what each is for."""
    from builder.printer import printer as profile
    from builder.printer import printers as known
    from builder.project import Project

    try:
        place = Project.at(project)
    except ReportError:
        place = None
    for name in known(place):
        out.print(name, style="bold", end="  ", markup=False)
        out.print(profile(name, place).about, markup=False)


def _near(path: Path) -> str:
    """A path as a person here would type it."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _size(size: float) -> str:
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
