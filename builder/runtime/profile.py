"""A profile of a build, for the profiler of a browser: what each process did when.

The format is Chrome's Trace Event Format (JSON object form, complete events "X"), which Perfetto and Firefox's profiler
read too.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable

from builder.runtime.progress import Task


def profile(tasks: Iterable[Task]) -> str:
    """The tasks as JSON, with times in µs from the first."""
    known = sorted(tasks, key=lambda task: (task.start, -task.end))
    begun = known[0].start if known else 0.0
    here = os.getpid()
    events: list[dict[str, object]] = []
    for process in sorted({task.process for task in known}, key=lambda one: (one != here, one)):
        name = "builder" if process == here else f"worker {process}"
        events.append({"ph": "M", "name": "process_name", "pid": process, "tid": process, "args": {"name": name}})
        order = {"sort_index": 0 if process == here else process}
        events.append({"ph": "M", "name": "process_sort_index", "pid": process, "tid": process, "args": order})
    for task in known:
        events.append(
            {
                "ph": "X",
                "name": f"{task.what} {task.name}".rstrip(),
                "cat": task.what,
                "pid": task.process,
                "tid": task.process,
                "ts": round((task.start - begun) * 1e6),
                "dur": round((task.end - task.start) * 1e6),
            }
        )
    return json.dumps({"traceEvents": events, "displayTimeUnit": "ms"}, indent=1)
