"""Sections on their way through the presses, and figures that are being drawn."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from pebble import ProcessExpired

from builder.runtime import crew
from builder.runtime.crew import Made
from builder.model.diagnostics import Diagnostic, ExitCode, ReportError, in_order
from builder.model.drawing import Drawn
from builder.runtime.failures import FAILURES, GRACE, LOOK, failure
from builder.model.fragment import Fragment, Job
from builder.pages.keys import Keys
from builder.runtime.progress import Task
from builder.runtime.workers import PATIENCE

if TYPE_CHECKING:
    from builder.runtime.presses import Presses

# A figure as a worker hands it over.
_Waiting: TypeAlias = "Future[tuple[Drawn, tuple[Task, ...]]]"
# So many jobs wait behind each worker, so that none idles while the next is composed.
AHEAD = 2
_HINT = "look at what is special in this section; with little memory, use --jobs 1"


class Figures(Mapping[str, Drawn]):
    """Figures by the names of their topics; asking for one waits until it is drawn."""

    def __init__(
        self,
        names: Sequence[str],
        drawn: dict[str, Drawn],
        ask: Callable[[str], _Waiting],
        alone: Callable[[str], _Waiting],
        keys: Mapping[str, str],
        presses: Presses,
    ) -> None:
        """`ask` has one drawn, `alone` by a process for itself; `keys` are those of figures that are not `drawn`."""
        self._names, self._drawn, self._alone, self._keys, self._presses = names, drawn, alone, keys, presses
        self._waiting = {name: ask(name) for name in keys}

    def waiting(self, name: str) -> bool:
        return name in self._waiting and name not in self._drawn and not self._waiting[name].done()

    def __getitem__(self, name: str) -> Drawn:
        """Raises ReportError where it could not be drawn."""
        if name not in self._drawn:
            what, hint = f'the figure of "{name}"', "look at its data"
            drawn, tasks = self._presses.made(what, hint, self._waiting[name], partial(self._alone, name))
            self._presses.tasks += tasks
            self._drawn[name] = drawn
            self._presses.cache.put(self._keys[name], drawn)
        return self._drawn[name]

    def faults(self) -> Iterator[tuple[str, str]]:
        """What is wrong with those that are drawn, by the names of their topics."""
        return ((name, fault) for name, one in self._drawn.items() for fault in one.faults)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Layouts:
    """Sections on their way through the presses, in one setting."""

    def __init__(self, presses: Presses, setting: str, keys: Keys) -> None:
        self._presses, self._setting, self._keys = presses, setting, keys
        self._under_way: dict[Future[Made], tuple[Job, str | None]] = {}
        self._kept: deque[tuple[Job, str]] = deque()
        self._suspects: deque[tuple[Job, str | None]] = deque()
        self._alone: Future[Made] | None = None
        self._wrong: list[Diagnostic] = []
        self.read: frozenset[Path] = frozenset()

    @property
    def room(self) -> int:
        return self._presses.jobs * AHEAD - len(self._under_way)

    def ask(self, job: Job) -> None:
        """Have a section laid out at once, or taken out of the cache later: so none waits for those that are there."""
        cached = self._keys.section(job)
        if cached is not None and self._presses.cache.has(cached):
            self._kept.append((job, cached))
        else:
            self._lay_out(job, cached)

    def _lay_out(self, job: Job, cached: str | None) -> None:
        self._under_way[self._presses.ask(crew.lay_out, self._setting, job)] = job, cached

    def take(self) -> tuple[Job, Fragment, bool]:
        """The next section that is done, and whether it was in the cache.

        Raises ReportError where stylesheets are wrong, or workers failed.
        """
        while self._kept:
            job, name = self._kept.popleft()
            found = self._presses.cache.get(name)
            whole = self._presses.whole(found[0]) if found is not None else None
            if whole is not None:
                self._note(found[1])
                return job, whole, True
            self._lay_out(job, name)  # it was damaged, or has gone
        since = time.monotonic()
        while self._under_way or self._suspects:
            self._ask_alone()
            done, _ = wait(self._under_way, timeout=LOOK, return_when=FIRST_COMPLETED)
            if not done:
                self._presses.look()
                for lost in [one for one in self._under_way if self._presses.lost(one)]:
                    self._died(lost, BrokenProcessPool())
                if time.monotonic() - since > PATIENCE + GRACE:
                    for asked in list(self._under_way):
                        self._failed(self._under_way.pop(asked)[0], TimeoutError())
                continue
            asked = next(one for one in self._under_way if one in done)
            try:
                made = asked.result()
            except (ProcessExpired, BrokenProcessPool) as error:
                self._died(asked, error)
                continue
            except FAILURES as error:  # others finish
                self._failed(self._under_way.pop(asked)[0], error)
                continue
            except ReportError:
                raise
            except Exception as error:
                error.add_note(f'This happened while "{self._under_way[asked][0].name}" was laid out.')
                raise
            job, cached = self._under_way.pop(asked)
            return job, self._taken(job, made, cached), False
        raise ReportError(in_order(self._wrong), ExitCode.BUG)

    def _ask_alone(self) -> None:
        """Have the next suspect laid out by a process of its own, if none is under way."""
        if self._suspects and self._alone not in self._under_way:
            job, cached = self._suspects.popleft()
            self._alone = self._presses.ask_alone(crew.lay_out, self._setting, job)
            self._under_way[self._alone] = job, cached

    def _died(self, asked: Future[Made], error: Exception) -> None:
        """A process died that may have been busy with a section: it is a suspect; if it was alone, it did it."""
        job, cached = self._under_way.pop(asked)
        if asked is self._alone:
            self._failed(job, error)
        else:
            self._suspects.append((job, cached))

    def _failed(self, job: Job, error: Exception) -> None:
        self._wrong.append(failure(f'the layout of "{job.name}"', error, _HINT, job.span))

    def _note(self, read: frozenset[Path]) -> None:
        self.read |= read
        self._presses.read |= read

    def _taken(self, job: Job, made: Made, cached: str | None) -> Fragment:
        self._presses.learn(made.programs)
        self._presses.tasks += made.tasks
        self._note(made.read)
        now = self._keys.anew()
        if cached is not None and made.true and now.covers(job, made.read) and now.section(job) == cached:
            self._presses.cache.put(cached, (made.fragment, made.read))  # nothing was saved in the meantime
        whole = self._presses.whole(made.fragment)
        if whole is None:  # its programs came with a section that nobody took
            alone = partial(self._presses.ask_alone, crew.lay_out, self._setting, job, True)
            asked = self._presses.ask(crew.lay_out, self._setting, job, True)
            made = self._presses.made(f'the layout of "{job.name}"', _HINT, asked, alone)
            self._presses.learn(made.programs)
            whole = self._presses.whole(made.fragment)
            assert whole is not None
        return whole

    def give_up(self) -> None:
        """Nobody wants what is still waiting; what is under way ends by itself."""
        for future in self._under_way:
            if not future.running():
                future.cancel()
        self._under_way.clear()
