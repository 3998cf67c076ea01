"""Day numbers, months and weekdays of the simulation; no clock is ever read."""

from datetime import date

import numpy as np

from pipelines.company.assumptions import Ints


def day_number(day: date) -> int:
    """Days since 1970-01-01, the integer behind a Polars date."""
    return day.toordinal() - date(1970, 1, 1).toordinal()


def months_earlier(day: date, months: int) -> date:
    """The same day of the month, `months` earlier, cut back to the 28th so that every month has it."""
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, min(day.day, 28))


def first_days(as_of: date, before: int, after: int) -> Ints:
    """Day numbers of the first of each month from `before` months earlier to `after` months later, both included."""
    this = np.datetime64(f"{as_of:%Y-%m}", "M").astype(np.int64)
    months = np.arange(this - before, this + after + 1).astype("datetime64[M]")
    return months.astype("datetime64[D]").astype(np.int64)


def calendar_month(day: int) -> int:
    """Calendar month of a day number, January = 0."""
    return int(np.array(day).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)) % 12


def month_ends(days: Ints) -> Ints:
    """The last day of the month each day number falls in."""
    following = days.astype("datetime64[D]").astype("datetime64[M]") + np.timedelta64(1, "M")
    return following.astype("datetime64[D]").astype(np.int64) - 1


def on_weekdays(days: Ints, low: Ints, high: int) -> Ints:
    """Move weekend days to the nearest weekday that stays within [low, high); shape is kept."""
    weekday = (days + 3) % 7  # 1970-01-01 was a Thursday
    saturday = np.where(days - 1 >= low, days - 1, days + 2)
    sunday = np.where(days + 1 < high, days + 1, days - 2)
    return np.where(weekday == 5, saturday, np.where(weekday == 6, sunday, days))
