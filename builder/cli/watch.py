"""The command for those who write and design: the PDF is made again with each save."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Container, Iterable
from pathlib import Path
from threading import Event, Thread
from typing import Annotated, Any

import typer

from builder.cli.terminal import ProjectOption, TrustOption, count, near, out, show, size
from builder.model.project import Project
from builder.runtime.files import FOLDERS

app = typer.Typer()
# Saves that follow each other within this, in milliseconds, are one.
BURST = 50


class Superseded(BaseException):
    """Something was saved while a build was under way: another takes its place. Like Ctrl-C, it is no fault."""


@app.command(epilog="Example:  builder watch --project my-report")
def watch(
    context: typer.Context,
    project: ProjectOption = Path(),
    trust_code: TrustOption = False,
    edition: Annotated[str, typer.Option("--edition", "-e", metavar="NAME", help="email or archive.")] = "email",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="DIR", help="Where the PDF goes.", show_default="output/"),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", metavar="N", min=1, help="Worker processes.", show_default="one a processor"),
    ] = None,
) -> None:
    """Make the PDF for screens again whenever a file is saved, until Ctrl-C."""
    from builder.design.edition import ARCHIVE, EMAIL

    known = {one.name: one for one in (EMAIL, ARCHIVE)}
    if edition not in known:
        raise typer.BadParameter(f'there is no edition "{edition}" to watch; email or archive', param_hint="--edition")
    place = Project.at(project, trusted=trust_code)
    saved, ended = Event(), Event()
    read, fault = _reading(place), list[str]()
    following = Thread(target=_follow, args=(place, read, saved, ended, fault), daemon=True)
    following.start()
    from builder.build import builds
    from builder.model.diagnostics import Diagnostic, ExitCode, ReportError, errors
    from builder.pages import PRELOAD
    from builder.runtime.cache import Cache
    from builder.runtime.presses import Presses
    from builder.runtime.progress import Stage
    from builder.runtime.workers import Workers

    def look() -> None:
        if saved.is_set():
            raise Superseded

    def progress(_stage: Stage) -> None:
        look()

    try:
        with Presses(context.obj or Workers(PRELOAD), jobs, Cache.usual()) as presses:
            presses.look = look
            out.print(f"watching {place.root}; Ctrl-C ends it", markup=False)
            known_before: set[Diagnostic] = set()
            while True:
                saved.clear()
                start = time.monotonic()
                try:
                    for built in builds(place, [known[edition]], output, presses, progress=progress):
                        show([one for one in built.diagnostics if one not in known_before], summary=False)
                        known_before = set(built.diagnostics)
                        seconds, warnings = time.monotonic() - start, count(len(built.diagnostics), "warning")
                        facts = f"{count(built.pages, 'page')}, {size(built.path.stat().st_size)}"
                        facts += f", {seconds:.2f} s, {warnings}"
                        out.print(f"{near(built.path)}  {facts}", markup=False)
                except Superseded:
                    continue
                except ReportError as error:
                    wrong = errors(error.diagnostics)
                    show([one for one in error.diagnostics if one in wrong or one not in known_before])
                    known_before = set(error.diagnostics)
                    out.print("the last good PDF stays", markup=False)
                except Exception as error:  # noqa: BLE001 - a bug, said as one; the next save may go round it
                    out.print(
                        f"this is a bug in builder, please report it: {type(error).__name__}: {error}", markup=False
                    )
                read |= set(map(str, presses.read))
                presses.cache.trim()
                while not saved.wait(1):
                    if not following.is_alive():
                        message = f"the files of the project can no longer be followed{''.join(fault)}"
                        hint = "start `builder watch` again; on Linux, fs.inotify.max_user_watches may be too low"
                        raise ReportError([Diagnostic("watch-ended", message, hint)], ExitCode.BUG)
    finally:
        ended.set()


def _reading(place: Project) -> set[str]:
    """The files of the project that are opened from now on, by whatever part of a build (PEP 578)."""
    inside, found = f"{place.root}{os.sep}", set[str]()

    def hear(event: str, about: tuple[object, ...]) -> None:
        if event == "open" and isinstance(about[0], str) and about[0].startswith(inside):
            found.add(about[0])

    sys.addaudithook(hear)
    return found


def counts(read: Container[str]) -> Callable[[Any, str], bool]:
    """Which changes count: not of what no build has read, nor what editors write beside a file for a moment."""
    from watchfiles import Change, DefaultFilter

    class Files(DefaultFilter):
        def __call__(self, change: Change, path: str) -> bool:
            name = Path(path).name
            passing = name.startswith(".") or name.endswith((".part", "~", ".tmp", ".swp"))
            known = change != Change.modified or path in read
            return known and not passing and super().__call__(change, path)

    return Files()


def _follow(place: Project, read: Container[str], saved: Event, ended: Event, fault: list[str]) -> None:
    """Says so when a file that was read is saved, or one comes or goes; puts into `fault` why it cannot."""
    from watchfiles import watch as changes

    folders: Iterable[Path] = [place.root / name for name in FOLDERS if (place.root / name).is_dir()]
    follow: Callable[..., Iterable[object]] = changes
    try:
        for _ in follow(
            *folders, watch_filter=counts(read), debounce=200, step=BURST, stop_event=ended, raise_interrupt=False
        ):
            saved.set()
    except (OSError, RuntimeError) as error:  # more files than the system lets a program follow
        fault.append(f": {error}")
