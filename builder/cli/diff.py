"""The command for approvals: what changed between two editions."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from builder.cli.terminal import Form, ProjectOption, TrustOption, near, out, save
from builder.model.diagnostics import Diagnostic, ExitCode, ReportError
from builder.model.project import Project

if TYPE_CHECKING:
    from builder.tools.diff import Side

app = typer.Typer()
# Which of the PDFs of a build is looked at: the one with data inside before the others.
_FIRST = ("*-archive.pdf", "*-email.pdf", "*-print*.pdf", "*.pdf")


@app.command(epilog="Examples:  builder diff HEAD~1 . · builder diff old.pdf new.pdf --html changes.html")
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A PDF, a folder with one, or a git revision.")],
    new: Annotated[
        str, typer.Argument(metavar="NEW", help="The same; `.` is the project as it stands.", show_default=True)
    ] = ".",
    project: ProjectOption = Path(),
    trust_code: TrustOption = False,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write a web page with the pages side by side.")
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="How it is written.")] = Form.HUMAN,
) -> None:
    """Say which numbers, texts and figures changed, and which pages moved."""
    from builder.tools.diff import compare
    from builder.tools.diff.page import as_json, as_page, as_text

    with TemporaryDirectory(prefix="builder-diff-") as folder:
        sides = [_side_of(name, project, trust_code, Path(folder) / str(side)) for side, name in enumerate((old, new))]
        found = compare(*sides)
        if html is not None:
            save(html, as_page(found))
        typer.echo(as_json(found) if form is Form.JSON else as_text(found), nl=form is Form.JSON)
    if html is not None and form is not Form.JSON:
        out.print(near(html.resolve()), markup=False)


def _side_of(name: str, project: Path, trusted: bool, folder: Path) -> Side:
    from builder.tools.diff import side_of
    from builder.tools.diff.revision import is_revision, take_out

    path = project if name == "." else Path(name)
    try:
        if path.is_file():
            return side_of(path, path.name)
        if path.is_dir() and not (path / "content" / "report.yaml").is_file():
            for pattern in _FIRST:
                if found := sorted(path.glob(pattern)):
                    return side_of(found[0], str(found[0]))
            raise typer.BadParameter(f"there is no PDF in {name}")
    except ValueError as error:
        raise ReportError([Diagnostic("not-pdf", str(error), "give a PDF, a folder or a revision")]) from error
    if path.is_dir():
        return _built(Project.at(path, trusted=trusted), name, folder)
    place = Project.at(project, trusted=trusted)
    if not is_revision(name, place.root):
        raise typer.BadParameter(f'"{name}" is no file, no folder and no git revision of this project')
    folder.mkdir()
    try:
        return _built(take_out(name, place, folder), name, folder / "output")
    except ReportError as error:
        first = error.diagnostics[0]
        message = f'the revision "{name}" cannot be built: {first.short()}'
        hint = "compare with a PDF of it; checks that have come since can refuse an old text"
        raise ReportError([Diagnostic("no-revision", message, hint)], ExitCode.CONTENT) from error


def _built(place: Project, name: str, folder: Path) -> Side:
    """The archive edition of a project, which has its data inside."""
    from builder.build import build
    from builder.design.edition import ARCHIVE
    from builder.tools.diff import side_of

    return side_of(build(place, ARCHIVE, folder).path, "as it stands" if name == "." else name)
