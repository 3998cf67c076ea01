"""Nights killed at any moment: readers never meet half a release, and the next night is as if nothing had happened."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from pipelines.definitions import defs
from pipelines.defs import after_release, execute
from pipelines.night import tonight
from pipelines.paths import PROJECT
from tests.runs import AS_OF, FinishedNight, copied, fingerprints, manifest, release

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that can be forked and killed")
SCRIPT = Path(__file__).with_name("killed_nights.py")
KILLS, SEED = 20, 20261031
AT_RELEASE = 2
PAUSE, PAUSE_AT_RELEASE = (
    150,
    400,
)  # milliseconds: about the length of a step, and of the last one before readers are moved


def moments(home: Path) -> list[str]:
    """A step and a pause out of each part of a night, so that the kills spread over all of it, and some in its last step.

    The parts grow longer towards the end, as a late kill costs a whole night of the machine's time. What follows the release
    is left out: it may be over before the pause is.
    """
    chance, steps = Random(SEED), execute.steps(tonight(home, AS_OF), defs) - len(after_release.assets)
    parts = KILLS - AT_RELEASE
    edges = [1 + round((steps - 1) * (part / parts) ** 1.5) for part in range(parts + 1)]
    spread = [f"{chance.randrange(low, high)}+{chance.randrange(PAUSE)}" for low, high in pairwise(edges)]
    return spread + [f"{steps}+{chance.randrange(PAUSE_AT_RELEASE)}" for _ in range(AT_RELEASE)]


def begin(home: Path, chosen: list[str]) -> subprocess.Popen[str]:
    command = [sys.executable, str(SCRIPT), str(home), AS_OF.isoformat(), *chosen]
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    return subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True)


def nights(script: subprocess.Popen[str]) -> list[dict[str, object]]:
    said, _ = script.communicate()
    assert script.returncode == 0
    return [json.loads(line) for line in said.splitlines()]


def leftovers(home: Path) -> list[str]:
    """What an interrupted night leaves and a whole one must not."""
    files = fingerprints(home / "published").keys() | {path.name for path in (home / "warehouse").iterdir()}
    return [name for name in files if "/." in f"/{name}" or name.endswith((".building", ".wal"))]


@pytest.mark.timeout(900)
def test_a_night_killed_twenty_times_ends_as_if_undisturbed(finished: FinishedNight, tmp_path: Path) -> None:
    fresh, served = (copied(finished.home, tmp_path / name) for name in ("fresh", "served"))
    (fresh / "published").rename(tmp_path / "set_aside")
    earlier = release(served).name
    chosen = moments(fresh)
    scripts = [begin(fresh, chosen[0::2]), begin(served, chosen[1::2])]
    *first, first_end = nights(scripts[0])
    *second, second_end = nights(scripts[1])
    assert [n["exit_code"] for n in first + second] == [-9] * KILLS
    assert len({n["killed_at"] for n in first + second}) > KILLS / 2
    assert all(n["is_intact"] for n in [*second, first_end, second_end])
    assert all(n["release"] is None or n["is_intact"] for n in first)
    assert all(str(n["release"]) >= earlier for n in second)
    undisturbed = manifest(release(finished.home))["content_hash"]
    for home, end in ((fresh, first_end), (served, second_end)):
        assert end["exit_code"] == 0
        assert end["release"] == release(home).name
        assert manifest(release(home))["content_hash"] == undisturbed
        assert leftovers(home) == []
        assert fingerprints(home / "landing") == finished.landing
