"""Run as a script: nights in forks of one process that has everything imported, each killed at a step of its own.

usage: killed_nights.py HOME AS_OF MOMENT...  A moment is a step and milliseconds after its start, as in 17+40. One line of
JSON is printed for every night: the step it was killed at, and the release readers see after it. A last night is not killed.
Nothing here may touch a frame before a fork: Polars' threads do not survive it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from datetime import date
from pathlib import Path

import great_expectations  # noqa: F401  (loaded before the fork, as every night needs it)

from pipelines.definitions import defs
from pipelines.defs import execute, refresh
from pipelines.night import tonight
from pipelines.publishing import current, is_intact


def _work(home: Path, as_of: date, told: int) -> None:
    """The child: a whole night that says at every step that it has come so far."""
    os.setsid()
    night = tonight(home, as_of)

    def tell(name: str) -> None:
        os.write(told, f"{name}\n".encode())

    night.on_step = tell
    os._exit(0 if execute.run(night, defs).release_id else 1)


def _attempt(home: Path, as_of: date, step: int | None, pause: float) -> dict[str, object]:
    """One night, killed `pause` seconds after the beginning of `step` where one is given; how it ended."""
    heard, told = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(heard)
        _work(home, as_of, told)
    os.close(told)
    killed_at = ""
    with os.fdopen(heard, encoding="utf-8") as steps:
        for number, name in enumerate(steps, start=1):
            if number == step:
                time.sleep(pause)
                os.kill(child, signal.SIGKILL)
                killed_at = name.strip()
                break
    _, status = os.waitpid(child, 0)
    seen = current(home / "published")
    return {
        "killed_at": killed_at,
        "exit_code": os.waitstatus_to_exitcode(status),
        "release": seen.name if seen else None,
        "is_intact": seen is not None and is_intact(seen),
    }


def main(home: Path, as_of: date, moments: list[str]) -> None:
    """Carry out the nights in order."""
    defs.resolve_job_def(refresh.refresh.name)
    for moment in moments:
        step, milliseconds = map(int, moment.split("+"))
        _say(_attempt(home, as_of, step, milliseconds / 1000))
    _say(_attempt(home, as_of, None, 0.0))


def _say(ended: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(ended) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]), sys.argv[3:])
