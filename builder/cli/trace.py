"""The commands for those who must be sure of a number: trace it, sign it."""

from __future__ import annotations

import getpass
import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from builder.cli.terminal import Form, ProjectOption, TrustOption, count, near, out, save
from builder.model.project import Project

app = typer.Typer()


@app.command(epilog="Examples:  builder trace soddisfazione · builder trace page:11 · builder trace 117.000")
def trace(
    what: Annotated[
        str | None,
        typer.Argument(metavar="WHAT", help="An indicator, page:N, or a number as it is printed.", show_default=False),
    ] = None,
    project: ProjectOption = Path(),
    trust_code: TrustOption = False,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write it all as one page to click through.")
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="How the trail is written.")] = Form.HUMAN,
) -> None:
    """Say where a number comes from, where it is printed, and what is made from it."""
    from builder.content.schema_errors import nearest
    from builder.tools.trace import Standing, Trail, traced
    from builder.tools.trace.cells import cell_trail
    from builder.tools.trace.page import trace_page

    if what is None and html is None:
        raise typer.BadParameter("name an indicator, a page or a number; or write it all with --html FILE")
    found = traced(Project.at(project, trusted=trust_code))
    if html is not None:
        save(html, trace_page(found))
        out.print(near(html.resolve()), markup=False)
        if what is None:
            return
    assert what is not None
    page = re.fullmatch(r"(?:page|pag\.?|p\.?)[:\s]\s*(\d+)", what.strip(), re.IGNORECASE)
    shown: Trail | None = None
    places: tuple[Standing, ...] = ()
    if page is not None:
        if not 1 <= int(page[1]) <= found.trace.pages:
            raise typer.BadParameter(f"the book has {count(found.trace.pages, 'page')}", param_hint="WHAT")
        places = found.trace.on(int(page[1]))
    elif what in found.trace.trails:
        shown = found.trace.trails[what]
        places = shown.standings
    elif (cell := cell_trail(what, found.report, found.folios)) is not None:
        shown = cell
    elif not (places := found.trace.of(what)):
        hint = nearest(what, found.trace.trails) or "`builder trace --html FILE` lists them all"
        raise typer.BadParameter(f'no indicator and no printed number is "{what}"; {hint}', param_hint="WHAT")
    if form is Form.JSON:
        typer.echo(json.dumps(_data(shown, places), ensure_ascii=False, indent=2))
        return
    if shown is not None:
        _tell(shown)
    elif page is None:
        out.print(f"{what} stands in {count(len(places), 'place')}", style="bold", markup=False)
    else:
        out.print(f"page {page[1]}: {count(len(places), 'number')}", style="bold", markup=False)
    for line, times in Counter(_lines(places) if shown is None else _gathered(places)).items():
        out.print(f"  {line}{f'  (×{times})' if times > 1 else ''}", markup=False)


def _tell(shown: object) -> None:
    from builder.tools.trace import Trail

    assert isinstance(shown, Trail)
    out.print(f"{shown.name}  {shown.printed or 'withheld'}", style="bold", markup=False)
    out.print(f"  {shown.label}", markup=False)
    for what, how in shown.rows:
        out.print(f"  {what:10}{how}", markup=False)
    for what, names in (("uses", shown.made_from), ("used by", shown.makes)):
        if names:
            out.print(f"  {what:10}{', '.join(names)}", markup=False)
    if not any(what == "stands in" for what, _ in shown.rows):
        out.print("  stands on" if shown.standings else "  stands on no page", markup=False)


def _gathered(places: Iterable[object]) -> Iterable[str]:
    """One line a page and section, with the numbers that stand there."""
    from builder.tools.trace import Standing

    found: dict[tuple[int, str], dict[str, None]] = {}
    for one in places:
        assert isinstance(one, Standing)
        found.setdefault((one.page, one.section), {})[one.number.text] = None
    for (page, section), numbers in found.items():
        yield f"p. {page:<4}{section:22} {'  '.join(numbers)}"


def _lines(places: Iterable[object]) -> Iterable[str]:
    from builder.tools.trace import Standing

    for one in places:
        assert isinstance(one, Standing)
        number = one.number
        line = f"p. {one.page:<4}{one.section:22} {number.text}"
        line += f"  ← {', '.join(number.names) or number.kind}"
        line += f" ({number.kind})" if number.names and number.kind != "indicator" else ""
        yield line + (f"  {number.place}" if number.place else "")


def _data(shown: object, places: Iterable[object]) -> dict[str, object]:
    from builder.tools.trace import Standing, Trail

    found: dict[str, object] = {}
    if isinstance(shown, Trail):
        found |= {"name": shown.name, "label": shown.label, "printed": shown.printed, "about": dict(shown.rows)}
        found |= {"made_from": shown.made_from, "makes": shown.makes}
    stands = [asdict(p.number) | {"page": p.page, "section": p.section} for p in places if isinstance(p, Standing)]
    return found | {"places": stands}


@app.command(epilog='Example:  builder sign soddisfazione --by "Direttore"')
def sign(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME…",
            help="Indicators and topics, or `topic:NAME`.",
            show_default=False,
        ),
    ] = None,
    project: ProjectOption = Path(),
    by: Annotated[
        str | None, typer.Option("--by", metavar="WHO", help="As `approvers` or `approvals` name them.")
    ] = None,
    day: Annotated[
        str | None, typer.Option("--day", metavar="DAY", help="As 2019-05-31.", show_default="today")
    ] = None,
) -> None:
    """Sign what is to be printed; without names, say what is still unsigned."""
    from builder.build import checked
    from builder.content.approval import Kind, approvals, may_sign
    from builder.content.signing import sign as write

    place = Project.at(project, trusted=True)  # nothing is drawn: no program of the project runs
    report = checked(place)
    if not names:
        wanting = [one for one in approvals(report, place) if not one.signed]
        for one in wanting:
            out.print(f"{one.kind:10}{one.name:28}{one.by}", markup=False)
        out.print(f"{count(len(wanting), 'signature')} wanting" if wanting else "nothing is left to sign", markup=False)
        return
    day = day or date.today().isoformat()
    try:
        date.fromisoformat(day)
    except ValueError as error:
        raise typer.BadParameter(f'"{day}" is no day; write it as 2019-05-31', param_hint="--day") from error
    by = by or getpass.getuser()
    wanted: list[tuple[Kind, str]] = []
    for name in names:
        called = list(may_sign(report, name, by))
        if not called:
            from builder.content.schema_errors import nearest

            hint = nearest(name.rpartition(":")[2], [*report.indicators, *report.topics])
            raise typer.BadParameter(f'there is no indicator or topic "{name}"; {hint}', param_hint="NAME")
        if not any(may for _, may in called):
            raise typer.BadParameter(
                f'"{name}" is not for {by} to sign: `builder sign` says who must', param_hint="--by"
            )
        wanted += [(kind, name.rpartition(":")[2]) for kind, may in called if may]
    for kind, name in wanted:
        path = write(report, place, kind, name, by, day)
        out.print(f"{kind} {name}: signed in {near(path)}", markup=False)
