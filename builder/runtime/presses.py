"""Presses: sections are laid out in worker processes, each of which has the layout engine loaded once.

The result of a section does not depend on which worker lays it out, or when.
"""

from __future__ import annotations

import pickle
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, TimeoutError, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import replace
from hashlib import file_digest
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from pebble import ProcessExpired

from builder.runtime import crew
from builder.runtime.cache import Cache, key
from builder.runtime.crew import Sketch
from builder.model.diagnostics import ExitCode, ReportError, refused
from builder.model.drawing import Drawn
from builder.runtime.failures import FAILURES, GRACE, LOOK, failure
from builder.model.fragment import Fragment
from builder.pages.keys import Keys, figure_keys
from builder.pages.layouts import Figures, Layouts
from builder.pages.setting import Setting
from builder.runtime.progress import Task
from builder.runtime.workers import PATIENCE, Workers, processors

T = TypeVar("T")
# So many files with what jobs have in common are kept for them.
_KEPT = 8


class Presses:
    """Where sections are laid out and figures drawn, or found in the cache. Leaving the context ends the workers."""

    def __init__(self, jobs: int | None = None, cache: Cache | None = None, workers: Workers | None = None) -> None:
        self.jobs = jobs or processors()
        self.cache = cache or Cache(None)
        self.programs: dict[bytes, bytes] = {}
        self.tasks: list[Task] = []
        self.look: Callable[[], object] = lambda: None  # called now and then while workers are waited for
        self.first_setting = b""
        self._workers = workers or Workers()
        self._handed_over: list[Path] = []
        self._handing = threading.Lock()
        self.read: set[Path] = set()  # the files of the project that workers have read

    def __enter__(self) -> Presses:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._workers.__exit__(kind, error, trace)
        self.cache.trim()

    def at_most(self, sections: int) -> None:
        """No more workers than so many, since there is no more to do."""
        self.jobs = max(1, min(self.jobs, sections))

    def warm_up(self, setting: Setting, workers: int) -> None:
        """Let so many workers do what their first sections would wait for; returns at once."""

        def work() -> None:
            with suppress(OSError):  # files that cannot be read: the sections will say so
                file, _ = self._setting(setting)
                for _worker in range(workers):
                    self.ask(crew.set_up, file)

        self._workers.meanwhile(work)

    def set_up(self, setting: Setting) -> Layouts:
        """The presses with the stylesheets, fonts and figures of one edition."""
        file, keys = self._setting(setting)
        return Layouts(self, file, keys)

    def draw(self, sketch: Sketch, names: Sequence[str]) -> Figures:
        """Begin to draw the figures of these topics, where the cache has them not."""
        keys = figure_keys(sketch.report, sketch.theme, sketch.project, sketch.space, names)
        drawn: dict[str, Drawn] = {name: one for name in names if (one := self.cache.get(keys[name])) is not None}
        missing = [name for name in names if name not in drawn]
        file = self._handed(sketch) if missing else ""
        return Figures(
            names,
            drawn,
            lambda name: self._workers.draw(crew.draw, file, name),
            lambda name: self.ask_alone(crew.draw, file, name),
            {name: keys[name] for name in missing},
            self,
        )

    def ask(self, function: Callable[..., T], *words: object) -> Future[T]:
        """Have something done by a worker."""
        return self._workers.lay_out(self.jobs, function, *words)

    def ask_alone(self, function: Callable[..., T], *words: object) -> Future[T]:
        """Have something done by a worker that does nothing else."""
        return self._workers.alone(function, *words)

    def wait_for(self, asked: Future[T], alone: Callable[[], Future[T]]) -> T:
        """What was asked for; where a worker died that may have been busy with it, it is asked for once more, `alone`.

        For it cannot be told for certain what a process that dies was busy with: pebble hears late of what is begun
        and done. Looks now and then whether it is still wanted. Raises what the worker raised, TimeoutError where it
        hangs, and pebble's ProcessExpired or BrokenProcessPool where it kills its process.
        """
        suspected = False
        while True:
            try:
                return self._result(asked)
            except (ProcessExpired, BrokenProcessPool):
                if suspected:
                    raise
                asked, suspected = alone(), True

    def _result(self, asked: Future[T]) -> T:
        since = time.monotonic()
        while not wait([asked], timeout=LOOK).done:
            self.look()
            if self.lost(asked):
                raise BrokenProcessPool("its process was killed before it said that it had begun")
            if time.monotonic() - since > PATIENCE + GRACE:
                raise TimeoutError("its process never said that it had begun")
        return asked.result()

    def lost(self, asked: Future[Any]) -> bool:
        """Whether it has to be asked for again, since workers were killed."""
        return self._workers.lost(asked)

    def made(self, what: str, hint: str, asked: Future[T], alone: Callable[[], Future[T]]) -> T:
        """What was waited for. Raises ReportError that names `what` where its worker could not do it.

        What a worker raises by a fault of ours or of a library, it raises too.
        """
        try:
            return self.wait_for(asked, alone)
        except FAILURES as error:
            raise ReportError([failure(what, error, hint)], ExitCode.BUG) from error
        except ReportError:
            raise
        except Exception as error:
            error.add_note(f"This happened while {what} was made.")
            raise

    def whole(self, fragment: Fragment) -> Fragment | None:
        """A fragment with the programs of its fonts, which it names by their digests; None where one is lost."""
        faces = []
        for face in fragment.typefaces:
            program = self.programs.get(face.program) or self.cache.get(key("program", face.program))
            if program is None:
                return None
            self.programs[face.program] = program
            faces.append(replace(face, program=program))
        return replace(fragment, typefaces=tuple(faces))

    def learn(self, programs: Mapping[bytes, bytes]) -> None:
        """Keep font programs that a worker has sent."""
        for digest, program in programs.items():
            if digest not in self.programs:
                self.programs[digest] = program
                self.cache.put(key("program", digest), program)

    def _setting(self, setting: Setting) -> tuple[str, Keys]:
        keys = Keys(setting)
        file = self._handed(replace(setting, beside=keys.beside))
        self.first_setting = self.first_setting or Path(file).read_bytes()
        return file, keys

    def _handed(self, what: Setting | Sketch) -> str:
        """A file with what all jobs of a kind need, where every worker can read it once."""
        folder = self._workers.folder
        beside = folder / f"{threading.get_ident()}.part"
        try:
            with beside.open("w+b") as written:
                pickle.dump(what, written)
                written.seek(0)
                file = folder / file_digest(written, "sha256").hexdigest()
            beside.replace(file)
        except OSError as error:
            raise refused(beside, error) from error
        with self._handing:
            if file in self._handed_over:
                self._handed_over.remove(file)
            self._handed_over.append(file)
            while len(self._handed_over) > _KEPT:  # of builds before, in `watch`
                self._handed_over.pop(0).unlink(missing_ok=True)
        return str(file)
