"""The journal of a mailing: who has it, written before and after each message, so that nobody gets it twice."""

from __future__ import annotations

import fcntl
import json
import os
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import IO

from builder.model.diagnostics import Diagnostic, ExitCode, ReportError, refused


class State(StrEnum):
    """What is known of one person's message. Where a run ended on CLOSING, nobody can know whether it arrived."""

    CLOSING = "closing"  # all of it is with the server but the dot that ends it
    SENT = "sent"
    REFUSED = "refused"  # for good (5xx)
    LATER = "later"  # not now (4xx, or no connection): the next run tries again


class Journal:
    """One line of JSON for each step, on the disk before the step that follows. One mailing at a time has it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._out: IO[str] | None = None

    def __enter__(self) -> Journal:
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            out = self.file.open("a+", encoding="utf-8")
        except OSError as error:
            raise refused(self.file, error, "name another with --journal") from error
        try:
            fcntl.flock(out, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            out.close()
            said = f"another mailing is writing {self.file.name}"
            raise ReportError([Diagnostic("busy", said, "wait until it has ended")], ExitCode.CANNOT_WRITE) from error
        self._out = out
        try:
            self.states = self._read()
        except ReportError:
            out.close()
            raise
        if self.file.stat().st_size and not self.file.read_bytes().endswith(b"\n"):
            out.write("\n")  # the last run broke off within a line
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._out is not None:
            self._out.close()

    def _read(self) -> dict[str, State]:
        states: dict[str, State] = {}
        lines = self.file.read_text(encoding="utf-8").split("\n")
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                entry = json.loads(line)
                states[str(entry["address"])] = State(entry["state"])
            except (ValueError, KeyError, TypeError) as error:
                following = any(rest.strip() for rest in lines[number:])
                if following and not line.startswith('{"address"'):
                    said = f"{self.file.name}, line {number}, is no line of a journal"
                    raise ReportError(
                        [Diagnostic("bad-journal", said, "name another file with --journal")], ExitCode.USAGE
                    ) from error
                # A line that breaks off: the step it tells of was not begun, or is told by the line before.
        return states

    def write(self, address: str, state: State, answer: str = "") -> None:
        """Note a step; it is on the disk when this returns. Raises ReportError where it cannot be noted."""
        assert self._out is not None
        key = address.casefold()
        entry = {"address": key, "state": state, "at": datetime.now(UTC).isoformat(), "answer": answer}
        try:
            self._out.write(json.dumps(entry, ensure_ascii=False) + "\n")
            self._out.flush()
            os.fsync(self._out.fileno())
        except OSError as error:
            raise refused(self.file, error, "make room; nothing more is sent") from error
        self.states[key] = state

    def counts(self) -> Mapping[State, int]:
        return Counter(self.states.values())
