"""The command for those who keep numbers in sheets: what is read of a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from builder.cli.terminal import ProjectOption, out, show, there
from builder.model.diagnostics import Diagnostic, ExitCode

app = typer.Typer()


@app.command(epilog="Example:  builder table content/dati/ragioneria.xlsx --sheet Entrate")
def table(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A workbook (XLSX, ODS), or a table of text (CSV).")],
    sheet: Annotated[str | None, typer.Option("--sheet", "-s", metavar="NAME", help="One sheet of it alone.")] = None,
    area: Annotated[str | None, typer.Option("--range", "-r", metavar="A4:G12", help="One range alone.")] = None,
    language: Annotated[str, typer.Option("--language", "-l", help="How typed numbers are written.")] = "",
    project: ProjectOption = Path(),
) -> None:
    """Show the tables of a file as they are read, and every cell that cannot be. Exit code 1 where there are such."""
    from builder.tools.sheet import as_block, as_text, language_of, tables_in

    there(file, "FILE")
    spoken = language or language_of(project)
    found = tables_in(file, spoken, sheet, area)
    problems: list[Diagnostic] = []
    for one in found:
        rows, columns = len(one.table.rows), len(one.table.columns)
        where = f"{one.sheet}!{one.block.range}" if one.sheet else one.block.range
        out.print(f"\n{where}  {rows} rows, {columns} columns", markup=False, style="bold")
        for title in one.table.titles:
            out.print(f"above it: {title}", markup=False, style="dim")
        for line in as_text(one, spoken):
            out.print(line, markup=False)
        for note in one.table.notes:
            out.print(f"below it: {note}", markup=False, style="dim")
        for what, names in one.hidden.items():
            many = f"{len(names)} hidden {what}{'s' * (len(names) > 1)}"
            out.print(f"left out: {many}: {', '.join(names[:8])}", markup=False, style="dim")
        alone = sum(other.sheet == one.sheet for other in found) == 1 and area is None
        out.print("for the body of a topic:", markup=False, style="dim")
        for line in as_block(one, file, project / "content", alone=alone):
            out.print(line, markup=False)
        problems += one.problems
    if not found:
        out.print("no table: rows with several filled cells, below a header", markup=False)
    show(problems)
    if problems:
        raise typer.Exit(ExitCode.CONTENT)
