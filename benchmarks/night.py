"""How the cost of a night grows with the number of employees, start-up left out."""

from __future__ import annotations

import math
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from pipelines import company
from pipelines.definitions import defs
from pipelines.defs import execute
from pipelines.night import tonight

SIZES = (1_000, 5_000, 20_000)
AS_OF = date(2026, 10, 31)
LIMIT = 1.05


def night(employees: int) -> float:
    """Processor seconds of one night for a company of that size, everything already imported."""
    with tempfile.TemporaryDirectory() as name:
        company.write_exports(company.simulate(employees=employees, as_of=AS_OF), Path(name) / "landing")
        started = time.process_time()
        outcome = execute.run(tonight(Path(name), AS_OF), defs)
        if outcome.release_id is None:
            raise RuntimeError(f"the night stopped at {outcome.stopped_at}: {outcome.reason}")
        return time.process_time() - started


def main() -> int:
    """Print cost by size and the exponent of the last step; 1 where the limit is broken."""
    night(SIZES[0])  # imports what only a run imports
    seconds = [night(size) for size in SIZES]
    for size, cost in zip(SIZES, seconds, strict=True):
        print(f"{size:>8,} employees {cost:8.1f} CPU s")
    fixed = (seconds[0] * SIZES[1] - seconds[1] * SIZES[0]) / (SIZES[1] - SIZES[0])
    grown = [max(cost - fixed, 1e-9) for cost in seconds]
    exponent = math.log(grown[-1] / grown[-2]) / math.log(SIZES[-1] / SIZES[-2])
    print(
        f"fixed cost {fixed:.1f} CPU s; cost grows as n^{exponent:.2f} (limit {LIMIT}: {'kept' if exponent <= LIMIT else 'broken'})"
    )
    return int(exponent > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
