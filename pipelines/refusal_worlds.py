"""Small invented companies with a known truth, one for each refusal: what the refused question would show in them, and what is true.

Everything is drawn with a fixed seed; nothing here reads data of an organisation. Lengths of stay follow the Weibull distribution
fitted to published survival after hire, conversations come nine months apart on average and, but for the teams, change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

SEED = 20240601
PEOPLE = 40_000
MISLEADING, TRUE = "misleading", "true"
_SHAPE, _SCALE, _GAP = 0.783, 62.6, 9.0
_FOLLOWED = 24
_HIRED = (12, 36)
_QUARTERS, _REORGANISED = 12, 8
_TEAMS = 40
_SHOWN_TEAMS = (3, 11, 19, 27, 35)
_FACTS = {"team": 40, "grade": 6, "years": 6, "place": 4}
_ENOUGH = 100
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Points = list[dict[str, object]]


@dataclass(frozen=True)
class World:
    """Figures of one invented company by name, and the points of its picture (columns of ``published.refusal_picture``)."""

    figures: Mapping[str, float]
    points: Points


def pictures() -> pl.DataFrame:
    """Table ``published.refusal_picture``: the points of every refusal's picture, the same in every run."""
    rows = [{"refusal_id": refusal_id} | point for refusal_id, world in worlds().items() for point in world.points]
    return pl.DataFrame(rows, schema_overrides={"x": pl.Float64, "y": pl.Float64})


def worlds(seed: int = SEED, people: int = PEOPLE) -> dict[str, World]:
    """The invented company of every refusal by its id; another `seed` draws other people under the same truth."""
    makers = {
        "REF-01": ever_against_never,
        "REF-02": leavers_at_exit,
        "REF-03": last_contents,
        "REF-04": team_averages,
        "REF-05": facts_of_a_row,
    }
    return {refusal_id: make(np.random.default_rng(seed), people) for refusal_id, make in makers.items()}


def ever_against_never(rng: np.random.Generator, people: int) -> World:
    """Who ever talked is known in hindsight: survival of both, and the right ratio, month by month (Mantel-Haenszel)."""
    stay, first = _SCALE * rng.weibull(_SHAPE, people), rng.exponential(_GAP, people)
    ever, left = first < np.minimum(stay, _FOLLOWED), stay < _FOLLOWED
    seen = np.minimum(stay, _FOLLOWED)
    groups = {"ever talked": ever, "never talked": ~ever}
    rates = {name: left[of].sum() / seen[of].sum() for name, of in groups.items()}
    figures = {
        "risk_ever": left[ever].mean(),
        "risk_never": left[~ever].mean(),
        "risk_ratio": left[ever].mean() / left[~ever].mean(),
        "rate_ratio": rates["ever talked"] / rates["never talked"],
        "month_by_month": _month_by_month(stay, first),
    }
    months = np.arange(0, _FOLLOWED + 1, 3)
    points = [
        point
        for name, of in groups.items()
        for point in _line(name, MISLEADING, months, [(stay[of] >= m).mean() for m in months], f"{name}: {{:.0%}}")
    ]
    everybody = [(stay >= m).mean() for m in months]
    return World(figures, points + _line("everybody", TRUE, months, everybody, "everybody: {:.0%}"))


def leavers_at_exit(rng: np.random.Generator, people: int) -> World:
    """Months since the last conversation (since hire without one) of leavers on their last day and of stayers today."""
    stay, ago = _SCALE * rng.weibull(_SHAPE, people), rng.exponential(_GAP, people)
    here = rng.uniform(*_HIRED, people)
    end, left = np.minimum(stay, here), stay < here
    since = np.minimum(ago, end)
    bands = np.arange(0.0, _HIRED[1], 4.0)
    middles: Floats = (bands + 2.0).astype(np.float64)
    inside = [(end >= low) & (end < low + 4) for low in bands]
    figures = {
        "leavers": since[left].mean(),
        "stayers": since[~left].mean(),
        "same_tenure": _like_with_like(since, left, inside),
    }
    points = _level("leavers on their last day", middles, figures["leavers"], "all leavers: {:.1f}")
    points += _level("stayers today", middles, figures["stayers"], "all stayers: {:.1f}")
    label = f"equal time here: {abs(figures['same_tenure']):.1f} apart"
    return World(figures, points + _both(since, left, inside, middles, label))


def last_contents(rng: np.random.Generator, people: int) -> World:
    """Share of last conversations about the next step, which a reorganisation raised for everybody from one quarter on."""
    months = 3 * _QUARTERS
    exit_month = rng.exponential(_SCALE, people)
    left = exit_month < months
    talked = np.minimum(exit_month, months) - rng.exponential(_GAP, people)
    seen = talked >= 0
    quarter = np.floor(talked / 3).astype(int)
    is_next_step = rng.random(people) < np.where(quarter >= _REORGANISED, 0.6, 0.25)
    inside = [seen & (quarter == number) for number in range(_QUARTERS)]
    shares = is_next_step.astype(float)
    figures = {
        "leavers": shares[seen & left].mean(),
        "stayers": shares[seen & ~left].mean(),
        "same_quarter": _like_with_like(shares, left, inside),
    }
    x = np.arange(1.0, _QUARTERS + 1)
    points = _level("last conversations of leavers", x, figures["leavers"], "all leavers: {:.0%}")
    points += _level("last conversations of stayers", x, figures["stayers"], "all stayers: {:.0%}")
    label = f"same quarter: {abs(figures['same_quarter']):.0%} apart"
    return World(figures, points + _both(shares, left, inside, x, label))


def team_averages(rng: np.random.Generator, people: int) -> World:
    """Strain makes teams talk more and lose more; within every team whoever talks more leaves less. Correlation and slopes."""
    size = people // _TEAMS
    strain = np.linspace(0, 1, _TEAMS)
    own = rng.uniform(-1, 1, (_TEAMS, size))
    talks = 1.5 + 2.5 * strain[:, None] + own
    left = rng.random((_TEAMS, size)) < 0.20 + 0.40 * strain[:, None] - 0.15 * own
    mean_talks, mean_left = talks.mean(axis=1), left.mean(axis=1)
    slopes = [float(np.polyfit(t, gone, 1)[0]) for t, gone in zip(talks, left.astype(float), strict=True)]
    figures = {"between_teams": float(np.corrcoef(mean_talks, mean_left)[0, 1]), "within_teams": float(np.mean(slopes))}
    points: Points = []
    for number, team in enumerate(_SHOWN_TEAMS, start=1):
        fit = np.polynomial.Polynomial.fit(talks[team], left[team].astype(float), 1)
        ends = np.array([talks[team].min(), talks[team].max()])
        label = f"within teams: {figures['within_teams']:+.2f} a talk" if number == len(_SHOWN_TEAMS) else ""
        points += _line(f"within team {number}", TRUE, ends, np.clip(fit(ends), 0, 1), label)
    shown = list(_SHOWN_TEAMS)
    label = f"between teams: r {figures['between_teams']:+.2f}"
    return World(figures, points + _line("team averages", MISLEADING, mean_talks[shown], mean_left[shown], label))


def facts_of_a_row(rng: np.random.Generator, people: int) -> World:
    """Share of 600 people who are the only one with their facts, for one more fact at a time: a row without a name is no disguise."""
    size = min(people, 15 * _FACTS["team"])
    known = np.zeros(size, dtype=np.int64)
    shares = []
    for kinds in _FACTS.values():
        known = known * kinds + rng.integers(0, kinds, size)
        _, which, alike = np.unique(known, return_inverse=True, return_counts=True)
        shares.append(float((alike[which] == 1).mean()))
    figures = {f"with_{name}": share for name, share in zip(_FACTS, shares, strict=True)}
    labels = [
        ("" if place == 0 else "+ ") + f"{name}: {share:.0%}"
        for place, (name, share) in enumerate(zip(_FACTS, shares, strict=True))
    ]
    x = range(1, len(shares) + 1)
    points = [_point("people singled out", MISLEADING, *values) for values in zip(x, shares, labels, strict=True)]
    return World(figures, points)


def _month_by_month(stay: Floats, first: Floats) -> float:
    """Ratio of monthly exit risks by whether people had talked when the month began, over strata of months in the company."""
    above = below = 0.0
    for month in range(1, _FOLLOWED):
        at_risk, talked, gone = stay >= month, first < month, stay < month + 1
        exposed, other = at_risk & talked, at_risk & ~talked
        above += (exposed & gone).sum() * other.sum() / at_risk.sum()
        below += (other & gone).sum() * exposed.sum() / at_risk.sum()
    return float(above / below)


def _like_with_like(value: Floats, left: Flags, inside: Sequence[Flags]) -> float:
    """Mean of `value` of leavers minus that of stayers within the classes `inside`, weighted by leavers; 0 where both are alike."""
    pairs = [(of & left, of & ~left) for of in inside if (of & left).any() and (of & ~left).any()]
    gaps = [value[gone].mean() - value[stayed].mean() for gone, stayed in pairs]
    return float(np.average(gaps, weights=[gone.sum() for gone, _ in pairs]))


def _both(value: Floats, left: Flags, inside: Sequence[Flags], x: Floats, label: str) -> Points:
    """A line of leavers and one of stayers over the classes `inside` at `x`, where a class has enough of them."""
    points: Points = []
    for series, side, text in (("leavers, like with like", left, ""), ("stayers, like with like", ~left, label)):
        means = [
            (at, value[of & side].mean()) for at, of in zip(x, inside, strict=True) if (of & side).sum() >= _ENOUGH
        ]
        points += _line(series, TRUE, [at for at, _ in means], [mean for _, mean in means], text)
    return points


def _line(series: str, kind: str, x: Iterable[float], y: Iterable[float], label: str) -> Points:
    """The points of a line from left to right, `label` (which may hold a format for y) at its last."""
    pairs = sorted(zip(map(float, x), map(float, y), strict=True))
    return [_point(series, kind, *pair, label.format(pair[1]) if pair == pairs[-1] else "") for pair in pairs]


def _level(series: str, x: Floats, y: float, label: str) -> Points:
    """The two ends of a level line over the range of `x`, `label` (with a format for y) at its first, apart from those of lines."""
    first = _point(series, MISLEADING, x.min(), y, label.format(y))
    return [first, _point(series, MISLEADING, x.max(), y, "")]


def _point(series: str, kind: str, x: float, y: float, label: str) -> dict[str, object]:
    # Rounded, so that sums of another processor give the same release.
    return {"series": series, "kind": kind, "x": round(float(x), 4), "y": round(float(y), 4), "label": label}
