"""The commands for the press: preflight, imposition, printer profiles."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from builder.cli.terminal import Format, ProjectOption, count, near, out, show, there
from builder.content.printers import printer as profile
from builder.content.printers import printers as known
from builder.design.printer import DEFAULT
from builder.model.diagnostics import Diagnostic, ExitCode, ReportError
from builder.model.project import Project
from builder.model.units import MM_PER_PT

app = typer.Typer()


def _project(folder: Path) -> Project | None:
    """The project in `folder`, if there is one: its printer profiles come before the shipped ones."""
    try:
        return Project.at(folder)
    except ReportError:
        return None


@app.command(epilog="Example:  builder preflight annual-report.pdf --printer coated-fogra39")
def preflight(
    file: Annotated[Path, typer.Argument(metavar="FILE.pdf", help="Any PDF, made by this tool or another.")],
    printer: Annotated[
        str, typer.Option("--printer", metavar="NAME", help="The printer profile that it is held against.")
    ] = DEFAULT,
    project: ProjectOption = Path(),
    cover_of: Annotated[
        Path | None,
        typer.Option("--cover-of", metavar="INSIDE.pdf", help="The file is the cover of this one: back, spine, front."),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="How findings are written.")] = Format.HUMAN,
) -> None:
    """Say what a print shop would find wrong with a PDF. Exit code 4 where it is not fit for the press."""
    from builder.preflight import preflight as examine

    there(file, "FILE.pdf")
    asked = profile(printer, _project(project))
    spread = None
    if cover_of is not None:
        there(cover_of, "--cover-of")
        inside = examine(cover_of, asked)
        spread = 2 * inside.size[0] + asked.spine(inside.pages), inside.size[1]
    verdict = examine(file, asked, spread=spread)
    if form is Format.JSON:
        typer.echo(verdict.as_json())
    else:
        show(verdict.diagnostics, form)
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
    from builder.tools.impose import impose as lay_out
    from builder.tools.impose import sheet_size

    grid = re.fullmatch(r"([1-9]\d?)x([1-9]\d?)", n_up) if n_up else None
    if n_up and not grid:
        raise typer.BadParameter(f'"{n_up}" is not columns x rows: 2x2', param_hint="--n-up")
    if booklet == bool(n_up):
        raise typer.BadParameter("give one of the two: --booklet, or --n-up 2x2", param_hint="--booklet / --n-up")
    there(file, "FILE.pdf")
    target = output or file.with_name(f"{file.stem}-{'booklet' if booklet else n_up}.pdf")
    if target.resolve() == file.resolve():
        raise typer.BadParameter("the sheets would take the place of the file itself", param_hint="--output")
    made = lay_out(
        file,
        target,
        grid=(int(grid[1]), int(grid[2])) if grid else None,
        caliper=caliper,
        on=sheet_size(sheet) if sheet else None,
        marks="crop" if marks else "none",
        keep_back=keep_back,
    )
    wide, high = (round(length * MM_PER_PT) for length in made.sheet)
    out.print(f"{near(target)}  {count(made.sides, 'side')} of {wide} × {high} mm", markup=False)
    if made.scale < 0.999:
        out.print(f"  pages at {made.scale * 100:.0f} % of their size", markup=False)
    if marks and not made.marks:
        out.print("  no marks: the sheet has no room for them", markup=False)
    if booklet:
        out.print("  print both sides, turned on the short edge; fold all sheets together and stitch them in the fold")


@app.command(epilog="Example:  builder printers --show coated-fogra39 > printers/our-shop.yaml")
def printers(
    project: ProjectOption = Path(),
    yaml: Annotated[
        str | None, typer.Option("--show", metavar="NAME", help="Print the YAML of one, to make one's own from it.")
    ] = None,
) -> None:
    """List the printer profiles that there are, with what each is for."""
    place = _project(project)
    profiles = known(place)
    if yaml is not None:
        profile(yaml, place)
        typer.echo(profiles[yaml].read_text("utf-8"), nl=False)
        return
    wrong: list[Diagnostic] = []
    for name in profiles:
        out.print(name, style="bold", end="  ", markup=False)
        try:
            about = str(profile(name, place).about)
        except ReportError as error:
            wrong += error.diagnostics
            about = "cannot be used: see below"
        out.print(about + (" (used where none is named)" if name == DEFAULT else ""), markup=False)
    if place is None:
        out.print("no report project here: only the shipped ones; name yours with --project DIR", style="dim")
    if wrong:
        show(wrong)
        raise typer.Exit(ExitCode.CONTENT)
