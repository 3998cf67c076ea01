"""Options of a column that cannot be carried out are refused with the contract, not in the middle of a night."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipelines.column_options import has_short_years, option_fault
from pipelines.contracts import ContractError
from tests.landing_cases import column, contract


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"codes": {"Female": "F"}}, "list of its other spellings"),
        ({"codes": {"Female": [True]}}, "Quote it"),
        ({"codes": {"Women": ["F"]}}, "'Women', which is not one of the valid values"),
        ({"keepOnly": "(#career"}, "no regular expression"),
        ({"pivot": 30}, "needs a `format` with years of two digits"),
        ({"pivot": 130, "format": "dd/MM/yy"}, "from 0 to 99"),
        ({"identifies": "person"}, "worker or unit"),
    ],
)
def test_an_option_that_cannot_be_carried_out_names_its_remedy(options: dict[str, Any], words: str) -> None:
    assert words in option_fault(options, ["Female", "Male"])


def test_sound_options_have_no_fault() -> None:
    options = {
        "codes": {"Female": ["F", 2]},
        "keepOnly": "#career",
        "pivot": 30,
        "format": "dd/MM/yy",
        "identifies": "unit",
    }
    assert option_fault(options, ["Female"]) == ""


def test_the_contract_with_the_option_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"staff\.odcs\.yaml: property 'id': `identifies` must be worker or unit"):
        contract(tmp_path, "staff", [column("id", identifies="person")])


@pytest.mark.parametrize(
    ("date_format", "is_short"), [("dd/MM/yy", True), ("yy-MM-dd", True), ("dd/MM/yyyy", False), ("", False)]
)
def test_years_of_two_digits_are_told_from_those_of_four(date_format: str, is_short: bool) -> None:
    assert has_short_years(date_format) is is_short
