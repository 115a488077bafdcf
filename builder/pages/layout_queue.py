"""Sections on their way through the presses: laid out by a worker, or found in the cache."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from builder.model.diagnostics import Diagnostic, ExitCode, ReportError, in_order
from builder.model.fragment import Fragment, SectionJob
from builder.pages import job as work
from builder.pages.job import Made
from builder.pages.keys import Keys
from builder.pages.setting import Setting
from builder.runtime.cache import Cache, key
from builder.runtime.failures import GRACE, LOOK, failure, is_failure
from builder.runtime.pool import ProcessExpired
from builder.runtime.presses import Presses
from builder.runtime.workers import PATIENCE

# So many jobs wait behind each worker, so that none idles while the next is composed.
AHEAD = 2
# So often may a process of its own end without a word of why before its section is blamed.
_MOST_BROKEN = 3
_HINT = "look at what is special in this section; with little memory, use --jobs 1"


class Programs:
    """The font programs that workers have sent, by their digests: a fragment names those that it uses."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._known: dict[bytes, bytes] = {}

    def whole(self, fragment: Fragment) -> Fragment | None:
        """A fragment with the programs of its fonts; None where one is lost."""
        faces = []
        for face in fragment.typefaces:
            program = self._known.get(face.program) or self._cache.get(key("program", face.program))
            if program is None:
                return None
            self._known[face.program] = program
            faces.append(replace(face, program=program))
        return replace(fragment, typefaces=tuple(faces))

    def learn(self, programs: Mapping[bytes, bytes]) -> None:
        """Keep font programs that a worker has sent."""
        for digest, program in programs.items():
            if digest not in self._known:
                self._known[digest] = program
                self._cache.put(key("program", digest), program)


class LayoutQueue:
    """Sections on their way through the presses, in one setting."""

    def __init__(self, presses: Presses, setting: Setting, programs: Programs) -> None:
        self._presses, self._programs = presses, programs
        self._setting, self._keys = _handed_over(presses, setting)
        self._under_way: dict[Future[Made], tuple[SectionJob, str | None]] = {}
        self._kept: deque[tuple[SectionJob, str]] = deque()
        self._suspects: deque[tuple[SectionJob, str | None]] = deque()
        self._alone: Future[Made] | None = None
        self._broken: Counter[str] = Counter()
        self._wrong: list[Diagnostic] = []
        self.read: frozenset[Path] = frozenset()

    @property
    def room(self) -> int:
        return self._presses.jobs * AHEAD - len(self._under_way)

    def ask(self, job: SectionJob) -> None:
        """Have a section laid out at once, or taken out of the cache later: so none waits for those that are there."""
        cached = self._keys.section(job)
        if cached is not None and self._presses.cache.has(cached):
            self._kept.append((job, cached))
        else:
            self._lay_out(job, cached)

    def _lay_out(self, job: SectionJob, cached: str | None) -> None:
        self._under_way[self._presses.ask(work.lay_out, self._setting, job)] = job, cached

    def take(self) -> tuple[SectionJob, Fragment, bool]:
        """The next section that is done, and whether it was in the cache.

        Raises ReportError where stylesheets are wrong, or workers failed.
        """
        while self._kept:
            job, name = self._kept.popleft()
            found = self._presses.cache.get(name)
            whole = self._programs.whole(found[0]) if found is not None else None
            if whole is not None:
                self._note(found[1])
                return job, whole, True
            self._lay_out(job, name)  # it was damaged, or has gone
        since, waited_for = time.monotonic(), set(self._under_way)
        while self._under_way or self._suspects:
            self._ask_alone()
            done, _ = wait(self._under_way, timeout=LOOK, return_when=FIRST_COMPLETED)
            if self._under_way.keys() != waited_for:  # a suspect has its own time
                waited_for, since = set(self._under_way), time.monotonic()
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
            except (ProcessExpired, BrokenProcessPool, TimeoutError) as error:
                self._died(asked, error)
                continue
            except ReportError:
                raise
            except Exception as error:
                if is_failure(error):  # others finish
                    self._failed(self._under_way.pop(asked)[0], error)
                    continue
                error.add_note(f'This happened while "{self._under_way[asked][0].name}" was laid out.')
                raise
            job, cached = self._under_way.pop(asked)
            return job, self._taken(job, made, cached), False
        raise ReportError(in_order(self._wrong), ExitCode.BUG)

    def _ask_alone(self) -> None:
        """Have the next suspect laid out by a process of its own, once nothing else is under way.

        Where memory is short, the system ends any process; one that is alone has all of it.
        """
        if self._suspects and not self._under_way:
            job, cached = self._suspects.popleft()
            self._alone = self._presses.ask_alone(work.lay_out, self._setting, job)
            self._under_way[self._alone] = job, cached

    def _died(self, asked: Future[Made], error: Exception) -> None:
        """A process died that may have been busy with a section: it is a suspect; if it was alone, it did it."""
        job, cached = self._under_way.pop(asked)
        if asked is self._alone and (
            not isinstance(error, BrokenProcessPool) or self._broken[job.name] >= _MOST_BROKEN
        ):
            self._failed(job, error)
        elif asked is self._alone:  # its process came to no end that is known: something else may have ended it
            self._broken[job.name] += 1
            self._suspects.appendleft((job, cached))
        else:
            self._suspects.append((job, cached))

    def _failed(self, job: SectionJob, error: Exception) -> None:
        self._wrong.append(failure(f'the layout of "{job.name}"', error, _HINT, job.span))

    def _note(self, read: frozenset[Path]) -> None:
        self.read |= read
        self._presses.read |= read

    def _taken(self, job: SectionJob, made: Made, cached: str | None) -> Fragment:
        self._programs.learn(made.programs)
        self._presses.tasks += made.tasks
        self._note(made.read)
        now = self._keys.anew()
        if cached is not None and made.true and now.covers(job, made.read) and now.section(job) == cached:
            self._presses.cache.put(cached, (made.fragment, made.read))  # nothing was saved in the meantime
        whole = self._programs.whole(made.fragment)
        if whole is None:  # its programs came with a section that nobody took
            alone = partial(self._presses.ask_alone, work.lay_out, self._setting, job, True)
            asked = self._presses.ask(work.lay_out, self._setting, job, True)
            made = self._presses.made(f'the layout of "{job.name}"', _HINT, asked, alone)
            self._programs.learn(made.programs)
            whole = self._programs.whole(made.fragment)
            assert whole is not None
        return whole

    def give_up(self) -> None:
        """Nobody wants what is still waiting; what is under way ends by itself."""
        for future in self._under_way:
            if not future.running():
                future.cancel()
        self._under_way.clear()


def warm_up(presses: Presses, setting: Setting, workers: int) -> None:
    """Let so many workers do what their first sections would wait for; returns at once."""

    def begin() -> None:
        with suppress(OSError):  # files that cannot be read: the sections will say so
            file, _ = _handed_over(presses, setting)
            for _worker in range(workers):
                presses.ask(work.set_up, file)

    presses.meanwhile(begin)


def _handed_over(presses: Presses, setting: Setting) -> tuple[str, Keys]:
    """The file with a setting for the workers, and the keys of its sections."""
    keys = Keys(setting)
    file = presses.hand_over(replace(setting, beside=keys.beside))
    presses.first_setting = presses.first_setting or Path(file).read_bytes()
    return file, keys
