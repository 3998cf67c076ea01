"""Numbers and sentences, each said once and the same way everywhere."""

from __future__ import annotations

from datetime import date

import pytest

from dashboards import words
from dashboards.data import Cell
from dashboards.workbook import guarded


def shown(value: float, unit: str = "share", **more: object) -> Cell:
    return Cell(status="shown", unit=unit, value=value, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.444, "share", "44%"),
        (7.44, "months", "7.4 months"),
        (1.5, "per_year", "1.5 a year"),
        (34, "days", "34 days"),
        (24.5, "minutes", "24 minutes"),
        (-13.26, "points", "-13.3 points"),
        (0.316, "kappa", "0.32"),
        (0.829, "ratio", "0.83"),
        (2341, "people", "2,341 people"),
    ],
)
def test_values_are_rounded_as_the_style_says(value: float, unit: str, text: str) -> None:
    assert words.with_unit(value, unit) == text


def test_a_change_is_the_difference_of_what_is_printed() -> None:
    since = date(2026, 8, 31)
    assert words.change(shown(0.444), shown(0.416), since) == ("+2 pts", "since 31 Aug")
    assert words.change(shown(0.20), shown(0.21), since) == ("−1 pt", "since 31 Aug")
    assert words.change(shown(0.204), shown(0.2), since) == ("no change", "since 31 Aug")
    assert words.change(shown(7.0, "months"), shown(7.4, "months"), since) == ("−0.4", "since 31 Aug")
    assert words.change(shown(0.2), Cell(status="suppressed"), since) is None


@pytest.mark.parametrize(
    ("status", "text"),
    [
        ("suppressed", "n<10"),
        ("complementary", "hidden"),
        ("withheld", "not known"),
        ("empty", "no one"),
        ("absent", "–"),
    ],
)
def test_a_hidden_value_is_named_and_never_blank(status: str, text: str) -> None:
    assert words.short(Cell(status=status), 10) == text


def test_the_reason_for_complementary_hiding_gives_no_size_away() -> None:
    _, explanation = words.state("complementary", 10)
    assert not any(character.isdigit() for character in explanation)


def test_distribution_title_says_no_more_than_the_bars_on_screen() -> None:
    shares = {"0-3": 0.6, "12-18": 0.1, "18+": 0.2, "none": 0.1}
    assert words.distribution_title(shares, shares) == "30% last talked over a year ago; 10% have none on record"
    bands = list(shares)
    del shares["12-18"]
    assert words.distribution_title(shares, bands).startswith("At least 20% last talked over a year ago")
    del shares["18+"]
    assert words.distribution_title(shares, bands) == "10% have none on record"


def test_coverage_title_follows_the_line() -> None:
    assert words.coverage_title([0.40, 0.48], 0.75) == "Coverage is rising, still short of 75%"
    assert words.coverage_title([0.48, 0.40], 0.75) == "Coverage is falling, still short of 75%"
    assert words.coverage_title([0.80, 0.81], 0.75) == "Coverage is level and above 75%"
    assert words.coverage_title([0.80], 0.75) == "Coverage month by month"


def test_dates_that_are_hidden_are_counted_and_the_last_one_shown_is_named() -> None:
    assert words.hidden_dates(3, 25, None) == "3 of 25 dates hidden: too few people or too much unknown."
    assert words.hidden_dates(3, 25, date(2026, 8, 31)).endswith(
        "The newest is one of them; the last one shown is 31 Aug 2026."
    )


def test_gaps_title_names_both_ends() -> None:
    assert words.gaps_title({"Legal": 0.31, "Sales": 0.52, "IT": 0.4}) == "Widest gap: Legal 31%, Sales 52%"
    assert words.gaps_title({"Legal": 0.311, "Sales": 0.312}) == "No gap between the groups shown"


def test_target_says_which_side_is_wanted() -> None:
    assert words.target_text(0.75, "share", "higher") == "target 75% or more"
    assert words.target_text(6.0, "months", "lower") == "target 6 or less"
    assert words.target_text(None, "share", "higher") == ""


@pytest.mark.parametrize(
    "attack",
    [
        "[click](javascript:alert(1))",
        "![x](//evil.example/pixel.png)",
        "<script>alert(1)</script>",
        ":material/delete:",
        "$\\alpha$",
        "*bold* _it_ `code` ~~x~~ # head",
    ],
)
def test_markdown_from_data_keeps_no_live_character(attack: str) -> None:
    safe = words.plain(attack)
    live = [c for i, c in enumerate(safe) if c in "[]()<>*_`#$:!~" and safe[i - 1] != "\\"]
    assert not live


def test_text_that_reverses_reading_order_is_blanked() -> None:
    assert words.plain("ab\u202ecd\u0007") == "ab cd "


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "|", "%", "\t", "  =", "＝"])
def test_no_spreadsheet_cell_starts_like_a_formula(start: str) -> None:
    assert guarded(f"{start}1+1").startswith("'")
    assert guarded("Legal") == "Legal"
