"""The command for those who get a PDF: what data are inside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from builder.cli.terminal import Format, near, out, show, size, there
from builder.model.diagnostics import ExitCode

app = typer.Typer()


@app.command(epilog="Example:  builder data output/report-archive.pdf --extract data")
def data(
    file: Annotated[Path, typer.Argument(metavar="FILE.pdf", help="An archive edition, or any PDF with files inside.")],
    folder: Annotated[
        Path | None, typer.Option("--extract", "-x", metavar="DIR", help="Write the files into DIR.")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="How the list is written.")] = Format.HUMAN,
) -> None:
    """List the data inside a PDF, and say whether they are still those of the build. Exit code 4 where not."""
    from builder.tools.data import extract, read

    there(file, "FILE.pdf")
    found = read(file)
    if form is Format.JSON:
        files = [
            {"name": f.name, "type": f.kind, "relationship": f.relationship, "size": len(f.data), "sha256": f.digest}
            for f in found.files
        ]
        problems = [{"code": d.code, "message": d.message} for d in found.diagnostics]
        typer.echo(json.dumps({"files": files, "problems": problems}, ensure_ascii=False, indent=1))
    else:
        for one in found.files:
            facts = f"{size(len(one.data))}, {one.kind}, {one.relationship}"
            out.print(f"{one.name}  {facts}", markup=False)
            out.print(f"  {one.about}\n  sha256 {one.digest}", markup=False, style="dim")
        if not found.files:
            out.print("no data inside: the archive edition has them", markup=False)
        elif not found.diagnostics:
            out.print("every file is what its checksum and the receipt say", markup=False)
        show(found.diagnostics, form)
    if folder is not None:
        for path in extract(found.files, folder):
            if form is not Format.JSON:
                out.print(near(path), markup=False)
    if found.diagnostics:
        raise typer.Exit(ExitCode.PREFLIGHT)
