"""What disclosure control lets out, held against a plain reader who subtracts published cells from each other."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipelines.disclosure import suppress
from pipelines.estimates import ROWS, estimate

THRESHOLD = 10
STAGES = ("growing", "new_in_job", "long_in_role")
BANDS = ("0-3", "3-6", "6-9", "9-12", "12-18", "18+", "none")
COARSE = {"0-6": ("0-3", "3-6"), "6-12": ("6-9", "9-12"), "12+": ("12-18", "18+")}
NUMBERS = ("value", "lo", "hi", "n", "known_share", "bound_lo", "bound_hi")
Cell = tuple[str, str, str, str]
Parents = dict[tuple[str, str], str]


def estimates(
    people: Mapping[Cell, int], sizes: Mapping[Cell, int] | None = None, metric: str = "COV-02"
) -> pl.DataFrame:
    """Estimates for cells (cut, key, second key, band): bars as shares of their group's size, single values a half."""
    rows = [
        (
            date(2026, 11, 21),
            *cell,
            count if sizes else count / 2,
            (sizes or people)[cell],
            count,
            0,
            None,
            None,
            None,
            "",
        )
        for cell, count in people.items()
    ]
    frame = pl.DataFrame(rows, schema=ROWS, orient="row", strict=False)
    return estimate(frame, metric_id=metric, version="1", unit="share", interval="")


def statuses(rows: pl.DataFrame) -> dict[Cell, str]:
    return {row[:4]: row[4] for row in rows.select("cut", "group_key", "second_key", "band", "status").iter_rows()}


def released(people: Mapping[Cell, int], parents: Parents | None = None) -> dict[Cell, str]:
    return statuses(suppress(estimates(people), threshold=THRESHOLD, parents=parents))


def gives_back(total: str, beyond: int, outside: int, parts: list[tuple[int, str]]) -> bool:
    """Whether one sum, read alone, gives back a hidden part or a hidden total, or the figure of a few people.

    `beyond` are people of the total who are in none of the parts. `outside` are those of the whole group the total
    belongs to, in any of its bars. The sizes of groups tell a reader whether there are any; of which bar they are, he
    cannot know. So only where there are none does he know that a total is exactly what its parts are.
    """
    hidden = [(people, status) for people, status in parts if status not in ("shown", "empty")]
    if total != "shown":
        return total != "empty" and not hidden and outside == 0
    rest = beyond + sum(people for people, _ in hidden)
    return (len(hidden) == 1 and outside == 0) or 0 < rest < THRESHOLD


def unit(index: int) -> Cell:
    return ("org_unit", str(index), "", "")


@st.composite
def companies(draw: st.DrawFn, kinds: tuple[str, ...]) -> tuple[Parents, list[Counter[str]]]:
    """A tree of units and, for each, how many people of each kind it has with its sub-units."""
    count = draw(st.integers(1, 8))
    links = {index: draw(st.integers(0, index - 1)) for index in range(1, count)}
    sizes = st.one_of(st.just(0), st.integers(0, 4), st.integers(0, 40))
    within = [Counter({kind: draw(sizes) for kind in kinds}) for _ in range(count)]
    for index in sorted(links, reverse=True):
        within[links[index]] = within[links[index]] + within[index]
    return {("org_unit", str(child)): str(parent) for child, parent in links.items()}, within


def two_way_cells(within: list[Counter[str]]) -> dict[Cell, int]:
    cells: dict[Cell, int] = {("company", "company", "", ""): within[0].total()}
    for stage in STAGES:
        cells["career_stage", stage, "", ""] = within[0][stage]
        cells |= {("org_unit_career_stage", str(i), stage, ""): kinds[stage] for i, kinds in enumerate(within)}
    return cells | {unit(i): kinds.total() for i, kinds in enumerate(within)}


def sums_a_reader_knows(cells: Mapping[Cell, int], parents: Parents) -> Iterator[tuple[Cell, list[Cell]]]:
    """Written out by hand per kind of sum, on purpose unlike the general rule under test."""
    company: Cell = ("company", "company", "", "")
    yield company, [unit(0)]
    yield company, [("career_stage", stage, "", "") for stage in STAGES]
    units = [key for cut, key, _, _ in cells if cut == "org_unit"]
    for stage in STAGES:
        yield ("career_stage", stage, "", ""), [("org_unit_career_stage", "0", stage, "")]
    for key in units:
        yield ("org_unit", key, "", ""), [("org_unit_career_stage", key, stage, "") for stage in STAGES]
        below = [child for (_, child), parent in parents.items() if parent == key]
        yield ("org_unit", key, "", ""), [("org_unit", child, "", "") for child in below]
        for stage in STAGES:
            two_way = [("org_unit_career_stage", child, stage, "") for child in below]
            yield ("org_unit_career_stage", key, stage, ""), two_way


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(companies(STAGES))
def test_no_small_cell_survives_and_no_single_sum_gives_one_back(company: tuple[Parents, list[Counter[str]]]) -> None:
    parents, within = company
    cells = two_way_cells(within)
    status = released(cells, parents)
    assert not [cell for cell, people in cells.items() if status[cell] == "shown" and people < THRESHOLD]
    assert all(status[cell] == "empty" for cell, people in cells.items() if people == 0)
    for total, parts in sums_a_reader_knows(cells, parents):
        beyond = cells[total] - sum(cells[part] for part in parts)
        if parts:
            assert not gives_back(status[total], beyond, beyond, [(cells[part], status[part]) for part in parts])


def bars(within: list[Counter[str]]) -> tuple[dict[Cell, int], dict[Cell, int]]:
    groups: dict[tuple[str, str, str], Counter[str]] = {("company", "company", ""): within[0]}
    groups |= {("org_unit", str(index), ""): counts for index, counts in enumerate(within)}
    people: dict[Cell, int] = {(*group, band): counts[band] for group, counts in groups.items() for band in BANDS}
    return people, {(*group, band): counts.total() for group, counts in groups.items() for band in BANDS}


def distributed(above: tuple[int, ...], *rows: tuple[int, ...]) -> tuple[Parents, list[Counter[str]]]:
    """A tree as drawn by `companies`: `above` is the unit over each but the first, a row has one number per band."""
    parents = {("org_unit", str(child)): str(parent) for child, parent in enumerate(above, start=1)}
    return parents, [Counter(dict(zip(BANDS, row, strict=True))) for row in rows]


# An empty bar is the only hidden part of a total that has nobody directly in it.
EMPTY_AND_ALONE = distributed(
    (0, 0, 0), (0, 0, 10, 0, 11, 0, 0), (0,) * 7, (0, 0, 10, 0, 1, 0, 0), (0, 0, 0, 0, 10, 0, 0)
)
# Two hidden halves of unit 0 add up to a bar its parts show, which would leave a third hidden bar alone.
HALVES_TOGETHER = distributed(
    (0, 1, 2, 2, 0, 5),
    (10, 10, 11, 11, 10, 10, 10),
    (10, 10, 11, 0, 8, 0, 10),
    (10, 10, 11, 0, 8, 0, 10),
    (10, 0, 5, 0, 0, 0, 5),
    (0, 10, 6, 0, 0, 0, 5),
    (0, 0, 0, 11, 2, 10, 0),
    (0, 0, 0, 1, 2, 10, 0),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(companies(BANDS))
@example(EMPTY_AND_ALONE)
@example(HALVES_TOGETHER)
def test_no_bar_shows_or_gives_back_a_few_people(company: tuple[Parents, list[Counter[str]]]) -> None:
    parents, within = company
    people, sizes = bars(within)
    out = suppress(estimates(people, sizes, "RCY-01"), threshold=THRESHOLD, parents=parents)
    status = statuses(out)
    stated = {cell[:3] for cell, state in status.items() if state == "shown"}
    for total, parts in [(("company", "company", ""), [("org_unit", "0", "")]), *families(parents)]:
        outside = sizes[(*total, "none")] - sum(sizes[(*part, "none")] for part in parts)
        unstated = sum(sizes[(*part, "none")] for part in parts if part not in stated)
        assert total not in stated or not 0 < outside + unstated < THRESHOLD
        for band in (*BANDS, *COARSE):
            bar_status = known_status(status, total, band)
            part_statuses = [status.get((*part, band)) for part in parts]
            if bar_status and None not in part_statuses:
                counts = [count(people, part, band) for part in parts]
                found = list(zip(counts, map(str, part_statuses), strict=True))
                beyond = count(people, total, band) - sum(counts)
                assert not gives_back(bar_status, beyond, outside, found)
    assert_groups_are_safe(status, people, sizes)


def families(parents: Parents) -> list[tuple[tuple[str, str, str], list[tuple[str, str, str]]]]:
    return [
        (
            ("org_unit", above, ""),
            [("org_unit", child, "") for (_, child), parent in parents.items() if parent == above],
        )
        for above in sorted(set(parents.values()))
    ]


def count(people: Mapping[Cell, int], group: tuple[str, str, str], band: str) -> int:
    return sum(people[(*group, fine)] for fine in COARSE.get(band, (band,)))


def known_status(status: Mapping[Cell, str], group: tuple[str, str, str], band: str) -> str | None:
    """Status of a bar; a coarse bar that is not published itself is known from its two halves."""
    if (*group, band) in status or band not in COARSE:
        return status.get((*group, band))
    halves = {status[(*group, fine)] for fine in COARSE[band]}
    return "shown" if halves <= {"shown"} else halves.pop() if len(halves) == 1 else "complementary"


def assert_groups_are_safe(status: Mapping[Cell, str], people: Mapping[Cell, int], sizes: Mapping[Cell, int]) -> None:
    for group in {cell[:3] for cell in status}:
        found = [(count(people, group, band), state) for (*key, band), state in status.items() if tuple(key) == group]
        size = sizes[(*group, "none")]
        assert not [people for people, state in found if state == "shown" and 0 < people < THRESHOLD]
        assert sum(people for people, _ in found) == size
        if size < THRESHOLD:
            assert "shown" not in {state for _, state in found}
        elif "shown" in {state for _, state in found}:
            assert not gives_back("shown", 0, 0, found)


def org(parents: dict[int, int], sizes: list[int]) -> tuple[dict[Cell, int], Parents]:
    cells: dict[Cell, int] = {("company", "company", "", ""): sizes[0]}
    cells |= {unit(index): size for index, size in enumerate(sizes)}
    return cells, {("org_unit", str(child)): str(parent) for child, parent in parents.items()}


def test_the_smallest_sibling_is_hidden_with_the_only_hidden_one() -> None:
    cells, parents = org({1: 0, 2: 0, 3: 0}, [84, 4, 50, 30])
    status = released(cells, parents)
    assert [status[unit(index)] for index in range(4)] == ["shown", "suppressed", "shown", "complementary"]


def test_two_hidden_siblings_who_are_few_together_take_a_third() -> None:
    cells, parents = org({1: 0, 2: 0, 3: 0, 4: 0}, [86, 4, 2, 50, 30])
    assert released(cells, parents)[unit(4)] == "complementary"


def test_two_hidden_siblings_who_are_many_together_need_no_third() -> None:
    cells, parents = org({1: 0, 2: 0, 3: 0, 4: 0}, [97, 9, 8, 50, 30])
    assert Counter(released(cells, parents).values()) == {"shown": 4, "suppressed": 2}


def test_an_only_child_is_hidden_upwards_but_not_beyond_need() -> None:
    # Unit 2 has no neighbour, so its total (unit 1) must go, and then a neighbour of that one.
    cells, parents = org({1: 0, 2: 1, 3: 1, 4: 0, 5: 0}, [150, 20, 16, 4, 60, 70])
    status = released(cells, parents)
    hidden = [index for index in range(6) if status[unit(index)] != "shown"]
    assert hidden == [2, 3]


def test_people_directly_under_the_head_of_a_unit_are_a_hidden_group_too() -> None:
    cells, parents = org({1: 0, 2: 0}, [83, 50, 30])
    status = released(cells, parents)
    assert (status[unit(0)], status[unit(1)], status[unit(2)]) == ("shown", "shown", "complementary")


def test_groups_that_divide_the_company_are_siblings() -> None:
    stages = {"growing": 40, "new_in_job": 25, "long_in_role": 3}
    cells: dict[Cell, int] = {("company", "company", "", ""): 68}
    cells |= {("career_stage", stage, "", ""): people for stage, people in stages.items()}
    status = released(cells)
    assert status["career_stage", "long_in_role", "", ""] == "suppressed"
    assert status["career_stage", "new_in_job", "", ""] == "complementary"
    assert status["career_stage", "growing", "", ""] == "shown"


def test_a_hidden_cell_states_nothing_and_people_never_leave() -> None:
    cells, parents = org({1: 0, 2: 0, 3: 0}, [84, 4, 50, 30])
    out = suppress(estimates(cells), threshold=THRESHOLD, parents=parents)
    assert out.columns == estimates(cells).drop("people").columns
    hidden = out.filter(pl.col("status").is_in(["suppressed", "complementary"]))
    assert hidden.height == 2
    assert hidden.select(NUMBERS).null_count().row(0) == (2,) * 7
    assert not hidden["is_flagged"].any()


def test_a_withheld_cell_of_few_people_is_suppressed_and_others_keep_their_status() -> None:
    rows = estimates({("company", "company", "", ""): 40, unit(0): 40, unit(1): 4})
    rows = rows.with_columns(pl.Series("status", ["over_tenure", "withheld", "withheld"]))
    out = suppress(rows, threshold=THRESHOLD, parents={("org_unit", "1"): "0"})
    assert out["status"].to_list() == ["over_tenure", "withheld", "suppressed"]


def test_bars_are_merged_before_any_is_hidden() -> None:
    counts = dict(zip(BANDS, (6, 14, 9, 11, 30, 2, 20), strict=True))
    people: dict[Cell, int] = {("company", "company", "", band): number for band, number in counts.items()}
    out = suppress(estimates(people, dict.fromkeys(people, 92), "RCY-01"), threshold=THRESHOLD)
    assert out["band"].to_list() == ["0-6", "6-12", "12+", "none"]
    assert out["status"].unique().to_list() == ["shown"]
    assert out["value"].to_list() == pytest.approx([20 / 92, 20 / 92, 32 / 92, 20 / 92])
    direct = estimates({unit(0): 20}, {unit(0): 92})
    assert out.row(0, named=True)["lo"] == pytest.approx(direct["lo"][0])
    assert out.row(0, named=True)["hi"] == pytest.approx(direct["hi"][0])


def test_a_small_bar_that_merging_does_not_help_takes_another_with_it() -> None:
    counts = dict(zip(BANDS, (20, 20, 15, 15, 30, 20, 4), strict=True))
    people: dict[Cell, int] = {("company", "company", "", band): number for band, number in counts.items()}
    out = suppress(estimates(people, dict.fromkeys(people, 124), "RCY-01"), threshold=THRESHOLD)
    found = dict(out.select("band", "status").iter_rows())
    assert found == {"0-6": "shown", "6-12": "complementary", "12+": "shown", "none": "suppressed"}


def test_groups_whose_sizes_differ_by_a_few_people_are_not_both_distributed() -> None:
    # 9 people stand directly in unit 0; their distribution is what its bars have more than those of unit 1.
    counts = {"0": (0, 0, 0, 29, 0, 40, 0), "1": (0, 0, 0, 20, 0, 40, 0)}
    people: dict[Cell, int] = {
        ("org_unit", key, "", band): number
        for key, numbers in counts.items()
        for band, number in zip(BANDS, numbers, strict=True)
    }
    sizes = {cell: sum(counts[cell[1]]) for cell in people}
    rows = estimates(people, sizes, "RCY-01")
    enclosed = statuses(suppress(rows, threshold=THRESHOLD, parents={("org_unit", "1"): "0"}))
    assert {status for (_, key, _, _), status in enclosed.items() if key == "1"} == {"complementary"}
    assert set(statuses(suppress(rows, threshold=THRESHOLD)).values()) == {"shown"}


def test_an_empty_bar_may_be_seen_to_be_empty() -> None:
    counts = dict(zip(BANDS, (20, 0, 15, 0, 30, 20, 0), strict=True))
    people: dict[Cell, int] = {("company", "company", "", band): number for band, number in counts.items()}
    out = suppress(estimates(people, dict.fromkeys(people, 85), "RCY-01"), threshold=THRESHOLD)
    assert (out.height, out["status"].unique().to_list()) == (7, ["shown"])


def test_merged_bars_keep_their_bounds() -> None:
    rows = estimates({unit(0): 1}).clear()
    for band, number in zip(BANDS, (5, 9, 20, 20, 20, 20, 20), strict=True):
        frame = pl.DataFrame(
            [(date(2026, 11, 21), "org_unit", "0", "", band, number, 114, number, 40, None, None, None, "")],
            schema=ROWS,
            orient="row",
            strict=False,
        )
        bar = estimate(frame, metric_id="RCY-01", version="1", unit="share", interval="")
        rows = pl.concat([rows, bar])
    merged = suppress(rows, threshold=THRESHOLD).row(0, named=True)
    assert (merged["band"], merged["n"]) == ("0-6", 114)
    assert (merged["bound_lo"], merged["bound_hi"]) == pytest.approx((14 / 154, 54 / 154))


def test_the_year_is_a_figure_of_its_own_and_not_a_bar() -> None:
    cells: dict[Cell, int] = {("company", "company", "", ""): 40, ("company", "company", "", "year"): 45}
    assert set(released(cells).values()) == {"shown"}


def test_records_are_not_people() -> None:
    cells: dict[Cell, int] = {("source_field", "hris", "grade", ""): 2, ("rule", "before_hire", "", ""): 1}
    assert set(released(cells).values()) == {"shown"}


@pytest.mark.parametrize(("threshold", "floor"), [(4, 5), (1, 1), (0, 5), (9, 10), (5, 4), (-1, 5)])
def test_a_threshold_below_the_floor_is_refused_with_the_reason(threshold: int, floor: int) -> None:
    with pytest.raises(ValueError, match="a single person can be recognised"):
        suppress(estimates({unit(0): 40}), threshold=threshold, floor=floor)


def test_a_higher_threshold_never_shows_more() -> None:
    cells, parents = org({1: 0, 2: 0, 3: 1, 4: 1}, [95, 45, 50, 20, 25])
    shown = [
        statuses(suppress(estimates(cells), threshold=threshold, parents=parents)) for threshold in (5, 10, 21, 48, 99)
    ]
    for lower, higher in pairwise(shown):
        assert {cell for cell, status in higher.items() if status == "shown"} <= {
            cell for cell, status in lower.items() if status == "shown"
        }


def test_row_order_is_kept_and_does_not_matter() -> None:
    cells, parents = org({1: 0, 2: 0, 3: 0}, [64, 4, 30, 30])
    rows = estimates(cells)
    out = suppress(rows, threshold=THRESHOLD, parents=parents)
    backwards = suppress(rows.reverse(), threshold=THRESHOLD, parents=parents)
    assert out["group_key"].to_list() == rows["group_key"].to_list()
    assert statuses(out) == statuses(backwards)


def test_no_rows_are_no_rows() -> None:
    assert suppress(estimates({unit(0): 40}).clear(), threshold=THRESHOLD).height == 0


def test_half_a_million_rows_take_seconds() -> None:
    cells, parents = org(
        {index: (index - 1) // 5 for index in range(1, 1500)}, [(7 * index) % 60 for index in range(1500)]
    )
    rows = estimates(cells)
    many = pl.concat([rows.with_columns(pl.lit(f"M{number}").alias("metric_id")) for number in range(334)])
    started = time.perf_counter()
    out = suppress(many, threshold=THRESHOLD, parents=parents)
    assert out.height == many.height > 500_000
    assert time.perf_counter() - started < 10


def test_any_columns_beyond_the_estimates_are_not_needed() -> None:
    kept: dict[str, Any] = estimates({unit(0): 40}).row(0, named=True)
    assert suppress(estimates({unit(0): 40}), threshold=THRESHOLD).row(0, named=True) == {
        name: value for name, value in kept.items() if name != "people"
    }
