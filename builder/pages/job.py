"""Sections are laid out in worker processes, each of which sets up fonts and stylesheets once.

The main process imports this module too, to name what is to be done; so it loads the layout engine only when work
begins.
"""

from __future__ import annotations

import gc
import pickle
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from builder.model.diagnostics import Diagnostic, ExitCode, ReportError
from builder.model.fragment import Fragment, Packed, SectionJob
from builder.pages.setting import Setting, beside
from builder.runtime.jobs import done, tasks
from builder.runtime.progress import Task, timed

if TYPE_CHECKING:
    from builder.pages.paginate import Engine
    from builder.runtime.workers import Workers


@dataclass(frozen=True, slots=True)
class Made:
    """A fragment whose fonts are named by digests, the files that were read, and font programs not sent before.

    It is `true` to the setting where stylesheets and fonts are those that the setting speaks of.
    """

    fragment: Fragment
    read: frozenset[Path]
    programs: dict[bytes, bytes]
    tasks: tuple[Task, ...]
    true: bool


def expect(workers: Workers, setting: Path) -> None:
    """Start as many processes as there are processors, and let one set up as the build before did; returns at once."""
    from builder.runtime.workers import SHARED, processors

    workers.meanwhile(lambda: workers.ask(SHARED, processors(), set_up, str(setting)))


def set_up(setting: str) -> None:
    """Read fonts and stylesheets. What is wrong with them, the first section will say.

    Before the YAML is read, `setting` is that of the build before, which most builds share.
    """
    with suppress(Exception):
        _engine(setting)


def lay_out(setting: str, job: SectionJob, with_all: bool = False) -> Made:
    """One section; `setting` is the file that holds it. `with_all`: send every font program, also those sent before.

    Raises ReportError for faults in the stylesheets.
    """
    engine, true = _engine(setting)
    gc.disable()  # boxes point at each other until the section is done: looking for rubbish before is in vain
    try:
        with timed(tasks, "paginate", job.name):
            fragment = engine.paginate(job)
    finally:
        engine.forget_pictures()  # figures stand in one section, and those that are read would pile up
        gc.enable()
    sent, programs, faces = _sent(setting), {}, []
    for face in fragment.typefaces:
        digest = sha256(face.program).digest()
        if with_all or digest not in sent:
            programs[digest] = face.program
        faces.append(replace(face, program=digest))
    sent |= set(programs)
    fragment = replace(fragment, typefaces=tuple(faces), tags=Packed.of(fragment.tags))
    return Made(fragment, engine.read, programs, done(), true)


# Engines by the settings that they are set up with.
_engines: dict[bytes, Engine] = {}
_MOST_ENGINES = 4


def _engine(setting: str) -> tuple[Engine, bool]:
    """A engine, and whether the files that it was set up with are those that the setting speaks of.

    They are not where one was saved in the meantime: then it is set up anew for each section.
    """
    # Written by the main process, of this build or of the one before, into a folder that nobody else may enter.
    data = Path(setting).read_bytes()
    if data in _engines:
        return _engines[data], True
    try:
        from builder.pages.paginate import Engine
    except (ImportError, OSError) as error:  # Pango and HarfBuzz are loaded with the layout engine
        message = f"the layout engine cannot start: {str(error).splitlines()[0]}"
        hint = "run `builder doctor`: it says what to install"
        raise ReportError([Diagnostic("missing-library", message, hint)], ExitCode.MISSING_TOOL) from error
    known: Setting = pickle.loads(data)
    with timed(tasks, "set up"):
        engine = Engine(known)
        true = beside(known.project) == known.beside
    if true:
        if len(_engines) >= _MOST_ENGINES:
            del _engines[next(iter(_engines))]
        _engines[data] = engine
    return engine, true


@lru_cache(maxsize=4)
def _sent(_setting: str) -> set[bytes]:
    """Digests of the font programs that this worker has handed over."""
    return set()
