"""Writes stretches.csv: an invented company of 500 people whose level changes, with late entry, ties and two kinds of exit."""

from __future__ import annotations

import csv
import random
from pathlib import Path

LEVELS = ("under_3", "3_to_11", "12_or_more")
EFFECT = dict(zip(LEVELS, (1.0, 1.4, 2.0), strict=True))
COLUMNS = ("person", "manager", "division", "grade", "age", "level", "entry", "exit", "cause")


def main() -> None:
    """Months count from hire; a stretch is at risk in the months after `entry` up to `exit`, and ends in the last."""
    draw = random.Random(20_261_123)
    moods = [draw.gauss(0, 0.4) for _ in range(40)]
    rows: list[tuple[object, ...]] = []
    for person in range(500):
        manager = draw.randrange(40)
        division, grade = "NSW"[manager % 3], draw.choice(("junior", "middle", "senior"))
        age = round(draw.gauss(40, 9), 1)
        month = draw.choice((0, 0, 0, 6, 12, 18))
        end = min(month + draw.randint(6, 30), 36)
        cause = "none"
        while month < end and cause == "none":
            level = draw.choice(LEVELS)
            first = month
            last = min(month + draw.randint(2, 7), end)
            hazard = 0.012 * EFFECT[level] * 2.718 ** (moods[manager] - 0.02 * (age - 40) + 0.3 * (grade == "junior"))
            while month < last and cause == "none":
                month += 1
                chance = draw.random()
                if chance < hazard:
                    cause = "voluntary"
                elif chance > 0.993:
                    cause = "involuntary"
            rows.append((person, manager, division, grade, age, level, first, month, cause))
    with (Path(__file__).parent / "stretches.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)


if __name__ == "__main__":
    main()
