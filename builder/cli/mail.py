"""The command that mails the finished PDF: drafts to look at, or straight to a server."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from builder.cli.terminal import ProjectOption, count, err, near, out, show, size, there
from builder.model.diagnostics import Diagnostic, ExitCode, ReportError, errors, refused
from builder.runtime.files import replace_file

if TYPE_CHECKING:
    from builder.tools.mail.message import Letters, Sender
    from builder.tools.mail.post import Posted
    from builder.tools.mail.recipients import Recipient

app = typer.Typer()
PASSWORD = "BUILDER_SMTP_PASSWORD"
_PORTS = {"starttls": 587, "tls": 465, "none": 25}


@app.command(epilog="Example:  builder mail --to people.csv --from 'Town Hall <office@town.example>'")
def mail(
    to: Annotated[Path, typer.Option("--to", metavar="PEOPLE.csv", help="Columns: email, name, salutation.")],
    project: ProjectOption = Path(),
    edition: Annotated[str, typer.Option("--edition", "-e", metavar="NAME", help="email or archive.")] = "email",
    sender: Annotated[
        str | None, typer.Option("--from", metavar="'NAME <ADDRESS>'", help="Who writes; drafts can do without.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="DIR", help="Where the drafts go.", show_default="output/mail"),
    ] = None,
    certified: Annotated[bool, typer.Option("--pec", help="Certified mail: hold the size against its limit.")] = False,
    send: Annotated[
        bool, typer.Option("--send", help="Hand the messages to --server instead of writing drafts.")
    ] = False,
    server: Annotated[str | None, typer.Option("--server", metavar="HOST[:PORT]", help="The SMTP server.")] = None,
    security: Annotated[
        str, typer.Option("--security", metavar="KIND", help="starttls, tls, or none (this machine only).")
    ] = "starttls",
    user: Annotated[
        str | None, typer.Option("--user", metavar="NAME", help=f"To sign in; the password comes from {PASSWORD}.")
    ] = None,
    ca: Annotated[
        Path | None, typer.Option("--ca", metavar="FILE.pem", help="Certificates to trust besides the system's.")
    ] = None,
    rate: Annotated[float, typer.Option("--rate", min=0, help="Messages a minute; 0 for no limit.")] = 30,
    journal: Annotated[
        Path | None,
        typer.Option("--journal", metavar="FILE", help="Who has it already.", show_default="output/mail-EDITION.jsonl"),
    ] = None,
    again: Annotated[
        list[str] | None, typer.Option("--again", metavar="ADDRESS", help="Send to this one whatever the journal says.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --send: say what would be sent, and send nothing.")
    ] = False,
) -> None:
    """Mail the finished PDF to everyone in a table: as drafts that mail programs open, or over SMTP."""
    from builder.build import checked
    from builder.model.project import Project
    from builder.tools.mail.journal import Journal
    from builder.tools.mail.message import Letters, finished, size_problems
    from builder.tools.mail.post import Server, post
    from builder.tools.mail.recipients import recipients

    there(to, "--to")
    if edition not in ("email", "archive"):
        raise typer.BadParameter("email or archive: the others are not made to be sent", param_hint="--edition")
    writer = _sender(sender)
    place = Project.at(project, trusted=True)  # nothing is drawn: no program of the project runs
    report = checked(place)
    pdf, said = finished(place, report, edition)
    found = recipients(to)
    show([*said, *found.diagnostics], summary=False)
    letters = Letters(place, report, pdf, writer, datetime.now(UTC).replace(microsecond=0))
    if not found.people:
        raise ReportError([Diagnostic("no-recipients", f"{to.name}: nobody can be written to", "correct its rows")])
    length = len(letters.draft(found.people[0]))
    too_large = tuple(size_problems(length, certified=certified))
    show(too_large, summary=False)
    if errors(too_large):
        raise typer.Exit(ExitCode.PREFLIGHT)
    if not send:
        _drafts(letters, found.people, output or place.output / "mail", length)
        raise typer.Exit(ExitCode.CONTENT if errors(found.diagnostics) else ExitCode.OK)
    host, port = _server(server, security)
    if writer is None:
        raise typer.BadParameter("say who writes: --from 'Name <address>'", param_hint="--from")
    if user and PASSWORD not in os.environ:
        raise typer.BadParameter(f"put the password into {PASSWORD}", param_hint="--user")
    where = Server(host, port, security, user or "", os.environ.get(PASSWORD, ""), ca)  # type: ignore[arg-type]
    with Journal(journal or place.output / f"mail-{edition}.jsonl") as kept:
        wanted = frozenset(address.casefold() for address in again or ())
        if dry_run:
            waiting = [
                p
                for p in found.people
                if p.address.casefold() in wanted or kept.states.get(p.address.casefold()) in (None, "later")
            ]
            for one in waiting:
                out.print(f"would go to {one.address}", markup=False)
            out.print(f"{count(len(waiting), 'message')} of {size(length)}; nothing was sent", markup=False)
            return
        posted = post(found.people, letters, where, writer.address, kept, rate=rate, again=wanted)
        _said(posted, kept.file)
    if posted.unknown or posted.refused or posted.later or errors(found.diagnostics):
        raise typer.Exit(ExitCode.CONTENT)


def _sender(words: str | None) -> Sender | None:
    from email.headerregistry import Address
    from email.utils import parseaddr

    from builder.tools.mail.message import Sender

    if words is None:
        return None
    name, address = parseaddr(words)
    try:
        Address(name, addr_spec=address)
        assert "@" in address
    except (ValueError, IndexError, AssertionError) as error:
        raise typer.BadParameter(f"\"{words}\" is not 'Name <address>'", param_hint="--from") from error
    return Sender(name, address)


def _server(words: str | None, security: str) -> tuple[str, int]:
    if security not in _PORTS:
        raise typer.BadParameter("starttls, tls or none", param_hint="--security")
    host, _, port = (words or "").rpartition(":") if ":" in (words or "") else (words or "", "", "")
    if not host or (port and not port.isdigit()):
        raise typer.BadParameter("name the server: --server smtp.example.org:587", param_hint="--server")
    return host, int(port) if port else _PORTS[security]


def _drafts(letters: Letters, people: tuple[Recipient, ...], folder: Path, length: int) -> None:
    """One .eml for each, beside its name first."""
    from builder.tools.mail.message import LIMITS, draft_name

    try:
        folder.mkdir(parents=True, exist_ok=True)
        before = {path.name for path in folder.glob("*.eml")}
        for one in people:
            target = folder / draft_name(one)
            replace_file(target, letters.draft(one))
            before.discard(target.name)
    except OSError as error:
        raise refused(folder, error, "make room, or name another with --output") from error
    limits = ", ".join(f"{name} {limit}" for name, limit in LIMITS.items())
    out.print(f"{near(folder)}  {count(len(people), 'draft')} of {size(length)} (limits in MB: {limits})", markup=False)
    if before:
        err.print(
            f"  {count(len(before), 'older draft')} left there, of people who are not in this table", markup=False
        )


def _said(posted: Posted, journal: Path) -> None:
    for address, answer in posted.refused:
        err.print(f"refused: {address}: {answer}", markup=False)
    for address, answer in posted.later:
        err.print(f"not now: {address}: {answer}; run again to try again", markup=False)
    for address in posted.unknown:
        err.print(f"unknown: {address} may have it or not; ask, and if not: --again {address}", markup=False)
    have = f", {len(posted.already)} had it already" if posted.already else ""
    out.print(f"{count(len(posted.sent), 'message')} sent{have}  ({near(journal)})", markup=False)
