"""Eleven metrics as their catalogue entries read, over what the oracle knows of each person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from math import inf
from statistics import mean, median

from tests.oracle import BANDS, DAY, HALF_YEAR, YEAR, Group, Known, Tally
from tests.small_organisation import days

DAYS_PER_MONTH = 30.4375
Everybody = Iterable[Known]
Metric = Callable[[Everybody, date], Tally]
Months = list[list[float] | None]


def months_since_last(everybody: Everybody, at: date) -> Tally:
    """RCY-01: EL(D) by band; a lower limit counts only once it reaches the last band."""
    tally = Tally()
    for one in everybody:
        if one.is_eligible(at):
            state, since = one.state(at)
            mine = {"never": "none"}.get(state, "unknown")
            if state == "known" or (state == "at_least" and since >= BANDS[-1][1]):
                mine = next(name for name, low, high in BANDS if low <= since < high)
            for band in [name for name, _, _ in BANDS] + ["none", "unknown"]:
                tally.add(
                    at, one.groups(at), band, float(band == mine), float(mine != "unknown"), float(mine == "unknown")
                )
    return tally


def median_months(everybody: Everybody, at: date) -> Tally:
    """RCY-02: median months over EL(D), never being infinite; the median stands in the numerator."""
    values: dict[Group, list[float]] = defaultdict(list)
    tally = Tally()
    for one in everybody:
        if one.is_eligible(at):
            state, since = one.state(at)
            value = {"known": float(since), "never": inf, "at_least": inf if since >= BANDS[-1][1] else None}.get(state)
            tally.add(at, one.groups(at), "", 0, float(value is not None), float(value is None))
            if value is not None:
                for group in one.groups(at):
                    values[group].append(value)
    for group, known in values.items():
        tally.add(at, [group], "", median(known) / DAYS_PER_MONTH, 0, 0)
    return tally


def overdue(everybody: Everybody, at: date) -> Tally:
    """RCY-03: EL(D) whose last conversation is longer ago than the target of their stage, or never."""
    tally = Tally()
    for one in everybody:
        if one.is_eligible(at):
            tally.add_answer(at, one.groups(at), one.exceeds(at, one.org.targets.get(one.stage(at), HALF_YEAR)))
    return tally


def never(everybody: Everybody, at: date) -> Tally:
    """RCY-04: EL(D) with 180 days or more in the spell and none on record."""
    tally = Tally()
    for one in everybody:
        if one.is_eligible(at) and one.tenure(at) >= 180:
            state, _ = one.state(at)
            tally.add_answer(at, one.groups(at), {"known": False, "never": True}.get(state))
    return tally


def coverage(length: int) -> Metric:
    """COV-01 and COV-02: E(D), employed for all of the past `length` days, with a conversation in them."""

    def talked(everybody: Everybody, at: date) -> Tally:
        tally = Tally()
        for one in everybody:
            spell = one.spell(at)
            if spell and all(one.spell(day) == spell for day in days(at - timedelta(days=length - 1), at)):
                longer_ago = one.exceeds(at, length - 1)
                tally.add_answer(at, one.groups(at), None if longer_ago is None else not longer_ago)
        return tally

    return talked


def time_in_date(everybody: Everybody, at: date) -> Tally:
    """COV-03: person-days within 183 days after a conversation over all from the 90th day on, leavers included."""
    tally = Tally()
    for one in everybody:
        for day in days(at - timedelta(days=YEAR - 1), at):
            if one.tenure(day) >= 90:
                late = one.exceeds(day, HALF_YEAR)
                tally.add_answer(at, one.groups(day), None if late is None else not late)
    return tally


def adherence(everybody: Everybody, at: date) -> Tally:
    """CAD-03: of four half-years worked throughout, those with a conversation, by where one was on their last day."""
    tally = Tally()
    for one in everybody:
        for end in (at - timedelta(days=back * HALF_YEAR) for back in range(4)):
            spell = one.spell(end)
            if spell and all(one.spell(day) == spell for day in days(end - timedelta(days=HALF_YEAR - 1), end)):
                longer_ago = one.exceeds(end, HALF_YEAR - 1)
                tally.add_answer(at, one.groups(end), None if longer_ago is None else not longer_ago)
    return tally


def conversation_rate(everybody: Everybody, at: date) -> Tally:
    """CAD-01: conversations over person-years, on the days that a source of single conversations covers."""
    tally = Tally()
    for one in everybody:
        for day in days(at - timedelta(days=YEAR - 1), at):
            if one.is_covered_by_events(day):
                talks = sum(occurred == day for occurred, _ in one.conversations)
                tally.add(at, one.groups(day), "", talks, 1 / 365.25, 0)
            elif one.spell(day):
                tally.add(at, one.groups(day), "", 0, 0, 1 / 365.25)
    return tally


def retention(everybody: Everybody, at: date) -> Tally:
    """OUT-02: members of E(D-365) still in the same spell, by where they were then."""
    tally = Tally()
    before = at - timedelta(days=YEAR)
    for one in everybody:
        if spell := one.spell(before):
            tally.add(at, one.groups(before), "", float(one.spell(at) == spell), 1, 0)
    return tally


def monthly_turnover(everybody: Everybody, at: date) -> Tally:
    """OUT-01 of the month that ends on `at`: voluntary exits (band 'most': or unknown) over the mean head-count."""
    tally = Tally()
    first = at.replace(day=1)
    share = 1 / ((at - first).days + 1)
    for one in everybody:
        for day in days(first, at):
            spell = one.spell(day)
            if spell is None:
                continue
            is_last = spell.term == day + DAY
            for band, kinds in {"": ["exit_voluntary"], "most": ["exit_voluntary", "exit_unknown"]}.items():
                tally.add(at, one.groups(day), band, float(is_last and spell.exit_type in kinds), share, 0)
    return tally


def turnover(everybody: Everybody, dates: list[date]) -> Tally:
    """OUT-01 in all its bands: the month, twelve months, and both if all unknown exits had been by choice."""
    tally = Tally()
    months = {at: monthly_turnover(everybody, at).cells for at in dates if (at + DAY).day == 1}
    for at, cells in months.items():
        past = [other for other in sorted(months) if other <= at][-12:]
        for cut, group in {cell[1:3] for cell in cells}:
            rates = {band: [months[m].get((m, cut, group, band)) for m in past] for band in ("", "most")}
            _add_rates(tally, at, (cut, group), rates[""][-1:], rates["most"][-1:], "")
            _add_rates(tally, at, (cut, group), rates[""], rates["most"], "year")
    return tally


def _add_rates(tally: Tally, at: date, group: Group, months: Months, at_most: Months, band: str) -> None:
    """The sum of the months' rates, and the bound where it is another; none where a month is missing."""
    if None in months or (band and len(months) < 12):
        return
    people = mean(month[1] for month in months if month)
    rate, most = (sum(month[0] / month[1] for month in those if month) for those in (months, at_most))
    tally.add(at, [group], band, rate * people, people, 0)
    if most > rate:
        tally.add(at, [group], f"{band}, if unknown by choice".removeprefix(", "), most * people, people, 0)


def each(metric: Metric, everybody: Everybody, dates: Iterable[date]) -> Tally:
    """The metric on every date, in one tally."""
    whole = Tally()
    for at in dates:
        whole.cells.update(metric(everybody, at).cells)
    return whole


METRICS: dict[str, Metric] = {
    "metrics.rcy_01_months_since_last": months_since_last,
    "metrics.rcy_02_median_months_since_last": median_months,
    "metrics.rcy_03_overdue_rate": overdue,
    "metrics.rcy_04_never_rate": never,
    "metrics.cov_01_year_coverage": coverage(YEAR),
    "metrics.cov_02_half_year_coverage": coverage(HALF_YEAR),
    "metrics.cov_03_in_date_person_time": time_in_date,
    "metrics.cad_01_conversation_rate": conversation_rate,
    "metrics.cad_03_adherence": adherence,
    "metrics.out_02_retention": retention,
}
