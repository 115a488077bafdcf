"""The command line: words → options; the only module that prints or exits."""

from __future__ import annotations

import sys
import time
import traceback
from pathlib import Path
from typing import Annotated

import typer

from builder.cli.check import app as check_commands
from builder.cli.data import app as data_commands
from builder.cli.diff import app as diff_commands
from builder.cli.mail import app as mail_commands
from builder.cli.press import app as press_commands
from builder.cli.progress import Bar
from builder.cli.sheet import app as sheet_commands
from builder.cli.terminal import ProjectOption, TrustOption, count, err, near, out, save, show, size, tell, telling
from builder.cli.trace import app as trace_commands
from builder.cli.watch import app as watch_commands
from builder.model.about import STARTED, __version__
from builder.model.diagnostics import Diagnostic, ExitCode, ReportError
from builder.runtime.workers import Workers

app = typer.Typer(
    name="builder",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Prints an accountability report: content in YAML, layouts in HTML and CSS, a paginated PDF.",
    epilog="Example:  builder new my-report && builder build --project my-report",
)
app.add_typer(check_commands)
app.add_typer(press_commands)
app.add_typer(data_commands)
app.add_typer(sheet_commands)
app.add_typer(mail_commands)
app.add_typer(trace_commands)
app.add_typer(diff_commands)
app.add_typer(watch_commands)


def main(argv: list[str] | None = None, workers: Workers | None = None) -> int:
    """Run the command line; returns the exit code. `workers` may be at work already."""
    try:
        app(args=argv, prog_name="builder", obj=workers)
    except SystemExit as end:
        if end.code == ExitCode.INTERRUPTED:
            err.print("interrupted; the last good PDF is untouched")
        return int(end.code or ExitCode.OK)
    except ReportError as error:
        show(error.diagnostics)
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


@app.command(epilog="Example:  builder build --project my-report --strict")
def build(
    context: typer.Context,
    project: ProjectOption = Path(),
    edition: Annotated[
        list[str] | None,
        typer.Option(
            "--edition",
            "-e",
            metavar="NAME",
            help="Which edition: print, email, archive, or all.",
            show_default="print",
        ),
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
    trust_code: TrustOption = False,
    release: Annotated[
        bool, typer.Option("--release", help="Refuse to build as long as a signature is wanting.")
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", metavar="N", min=1, help="Worker processes.", show_default="one a processor"),
    ] = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Make everything anew, and keep nothing of it.")] = False,
    timings: Annotated[bool, typer.Option("--timings", help="Say where the time went.")] = False,
    profile_: Annotated[
        Path | None,
        typer.Option(
            "--profile",
            metavar="FILE",
            help="Write what each process did when, for a browser's profiler.",
            show_default=False,
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but problems.")] = False,
) -> None:
    """Make the PDF: checks everything first, and writes nothing if anything is wrong."""
    from builder.content.printers import printer as chosen
    from builder.content.schema_errors import nearest
    from builder.design.edition import ARCHIVE, EDITIONS, EMAIL, Edition
    from builder.design.printer import DEFAULT
    from builder.model.project import Project
    from builder.pages import PRELOAD
    from builder.runtime.cache import Cache
    from builder.runtime.loading import loading
    from builder.runtime.presses import Presses
    from builder.runtime.profile import profile
    from builder.runtime.progress import Stage
    from builder.runtime.unchanged import remember, snapshot

    wanted = edition or ["print"]
    if "all" in wanted:
        wanted = list(EDITIONS)
    for name in wanted:
        if name not in EDITIONS:
            raise typer.BadParameter(f'there is no edition "{name}"; {nearest(name, EDITIONS)}', param_hint="--edition")
    if printer and "print" not in wanted:
        raise typer.BadParameter("only the print edition has a printer", param_hint="--printer")
    place = Project.at(project, trusted=trust_code)
    editions = [one for one in (EMAIL, ARCHIVE) if one.name in wanted]
    if "print" in wanted:
        editions += [Edition("print", chosen(name, place)) for name in dict.fromkeys(printer or [DEFAULT])]
    cache = Cache(None) if no_cache else Cache.usual()
    known = snapshot(place.root) if cache.folder is not None else None
    paths: list[Path] = []
    with (
        Bar(err, quiet=quiet, since=STARTED) as bar,
        telling() as told,
        Presses(context.obj or Workers(PRELOAD), jobs, cache) as presses,
    ):
        with loading():
            from builder.build import builds

        start = time.monotonic()
        said: set[Diagnostic] = set()
        for built in builds(place, editions, output, presses, strict=strict, release=release, progress=bar):
            bar.clear()
            show([one for one in built.diagnostics if one not in said], summary=False)
            said |= set(built.diagnostics)
            paths += built.paths
            if not quiet:
                facts = f"{count(built.pages, 'page')}, {size(built.path.stat().st_size)}"
                seconds, warnings = time.monotonic() - start, count(len(built.diagnostics), "warning")
                tell(
                    f"{near(built.path)}  {facts}, {seconds:.1f} s, {warnings}",
                    f"{near(built.path)}  {facts}, unchanged",
                )
                for line in built.remarks:
                    tell(f"  {line}")
                for path in built.paths[1:]:
                    tell(near(path))
            start = time.monotonic()
        bar(Stage("end"))
    bar.end()
    for stage, seconds in bar.spent.items() if timings else ():
        err.print(f"  {stage:10}{seconds:6.2f} s", markup=False)
    if cache.fault and not quiet:
        said_ = f"the cache could not be written ({cache.fault}): the next build takes longer"
        err.print(f"{said_}; `builder cache` says where it is", markup=False)
    if profile_ is not None:
        save(profile_, profile([*bar.tasks, *presses.tasks]))
        if not quiet:
            out.print(f"{near(profile_)}  open it in https://ui.perfetto.dev or chrome://tracing", markup=False)
    if known is not None:
        remember(sys.argv[1:], known, paths, told, presses.first_setting)


@app.command(name="cache", epilog="Example:  builder cache --clear")
def cache_(clear: Annotated[bool, typer.Option("--clear", help="Empty it.")] = False) -> None:
    """Say where the cache lies, and how much is in it."""
    from builder.runtime.cache import LIMIT, Cache

    cache = Cache.usual()
    if cache.folder is None:
        out.print("the cache is off: BUILDER_CACHE says so")
        return
    if cache.folder.exists() and not cache.folder.is_dir():
        err.print(f"{cache.folder} is no folder: nothing is kept", markup=False)
        raise typer.Exit(ExitCode.CANNOT_WRITE)
    if clear:
        before, freed = cache.size
        cache.clear()
        if cache.size[0]:
            err.print(f"{cache.folder} could not be emptied: look who may write there", markup=False)
            raise typer.Exit(ExitCode.CANNOT_WRITE)
        out.print(f"{before} {'entry' if before == 1 else 'entries'} removed, {size(freed)}", markup=False)
    entries, taken = cache.size
    many = f"{entries} {'entry' if entries == 1 else 'entries'}"
    out.print(f"{cache.folder}  {many}, {size(taken)} of {size(LIMIT)}", markup=False)


@app.command(epilog="Examples:  builder new my-report · builder new mein-bericht --language de")
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make.")],
    language: Annotated[
        str, typer.Option("--language", "-l", metavar="CODE", help="Its language: en, it, de, fr, es.")
    ] = "en",
) -> None:
    """Make a small, complete project, with comments, that builds at once."""
    from builder.tools.starter import plant

    plant(folder, language)
    out.print(f"made a report project in {folder}\nnext:  builder build --project {folder}", markup=False)


@app.command(epilog="Example:  builder doctor --project my-report")
def doctor(project: ProjectOption = Path()) -> None:
    """Say what is installed, found and missing, and how to get it."""
    from builder.tools.doctor import examine

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
    name: Annotated[
        str | None, typer.Argument(help="report, indicators, sources, topic, theme, labels, printer.")
    ] = None,
    write: Annotated[Path | None, typer.Option("--write", metavar="DIR", help="Write all of them into DIR.")] = None,
) -> None:
    """JSON Schema of the YAML files, so that editors complete and check them."""
    from builder.content.schema_errors import nearest
    from builder.tools.schema import SCHEMAS, schema_text, write_schemas

    if write is not None:
        write_schemas(write)
        return
    if name not in SCHEMAS:
        raise typer.BadParameter(
            f'there is no schema "{name or ""}"; {nearest(name or "", SCHEMAS)}', param_hint="NAME"
        )
    typer.echo(schema_text(name))
