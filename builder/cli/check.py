"""The commands for those who write: what is wrong, and what can be mended."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from builder.cli.terminal import Format, ProjectOption, TrustOption, count, err, out, show
from builder.model.diagnostics import ExitCode, ReportError, errors

app = typer.Typer()
# Mending one thing can bring another to light: two spaces before a straight quotation mark.
_ROUNDS = 4


@app.command(epilog="Example:  builder check --fix")
def check(
    project: ProjectOption = Path(),
    form: Annotated[Format, typer.Option("--format", help="How problems are written.")] = Format.HUMAN,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what can be mended, in the YAML files.")] = False,
    waived: Annotated[bool, typer.Option("--waived", help="Show waived findings too, with their reasons.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as errors.")] = False,
    trust_code: TrustOption = False,
) -> None:
    """Say everything that is wrong with the content, at once, without building."""
    from builder.cli.sarif import as_sarif
    from builder.content.check import Checked
    from builder.content.check import check as judge
    from builder.content.fix import mend
    from builder.content.load import load
    from builder.model.project import Project

    place = Project.at(project, trusted=trust_code)

    def judged() -> Checked:
        try:
            return judge(load(place), place)
        except ReportError as error:
            return Checked(None, None, error.diagnostics)

    found = judged()
    mended: Counter[str] = Counter()
    for _round in range(_ROUNDS if fix else 0):
        done = mend(found.diagnostics, place.root)
        if not done:
            break
        mended.update(f"{one.code} in {one.span.file}" for one in done if one.span is not None)
        found = judged()
    if form is Format.SARIF:
        typer.echo(as_sarif(found.diagnostics, found.waived))
    else:
        for said, times in sorted(mended.items()):
            err.print(f"mended: {said}{f' ({times} times)' if times > 1 else ''}", markup=False)
        show(found.diagnostics, form)
        for one in found.waived if waived and form is not Format.JSON else ():
            err.print(f"waived: {one.diagnostic.short()}\n  reason: {one.reason}", style="dim", markup=False)
        if form is Format.HUMAN:
            mendable = sum(one.fix is not None for one in found.diagnostics)
            if mendable and not fix:
                err.print(f"{count(mendable, 'finding')} can be mended: builder check --fix", markup=False)
            if not found.diagnostics:
                out.print("nothing is wrong with the content", markup=False)
            if found.waived and not waived:
                err.print(f"{count(len(found.waived), 'finding')} waived; --waived shows them", markup=False)
    if errors(found.diagnostics) or (strict and found.diagnostics):
        raise typer.Exit(ExitCode.CONTENT)
