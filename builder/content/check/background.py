"""A report is judged while its sections are laid out: the main process would only wait for them."""

from __future__ import annotations

from concurrent.futures import Future
from threading import Thread

from builder.content.check import Checked, Sound, stop_at_errors
from builder.model.diagnostics import ReportError, in_order
from builder.runtime.progress import Progress, Stage


class Judging:
    """What the report says held against itself, its sources and good typing; begun once, and waited for at the end."""

    def __init__(self, found: Sound, strict: bool) -> None:
        self._found, self._strict = found, strict
        self._judged: Future[Checked] | None = None

    def begin(self) -> None:
        """Begin, if that has not been done; returns at once."""
        if self._judged is None:
            self._judged = Future()
            Thread(target=self._work, args=(self._judged,), daemon=True).start()

    def result(self) -> Checked:
        """Waits for it."""
        self.begin()
        assert self._judged is not None
        return self._judged.result()

    def stopping(self, progress: Progress) -> Progress:
        """`progress` that stops the layout as soon as it is known to be in vain. It raises ReportError."""

        def heard(stage: Stage) -> None:
            if self._judged is not None and self._judged.done():
                stop_at_errors(self.result().diagnostics, self._strict)
            progress(stage)

        return heard

    def with_findings(self, error: ReportError) -> ReportError:
        """What was wrong in the layout, and all else that is."""
        return ReportError(in_order(dict.fromkeys([*self.result().diagnostics, *error.diagnostics])), error.exit_code)

    def _work(self, judged: Future[Checked]) -> None:
        try:
            judged.set_result(self._found.judged())
        except BaseException as error:  # noqa: BLE001 - for whoever waits
            judged.set_exception(error)
