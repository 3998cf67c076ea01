"""The tables of a release held against their contracts: the last gate before anything is written for readers."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.contracts import Contract

_POLARS_TYPE: dict[str, pl.DataType] = {
    "VARCHAR": pl.String(),
    "DATE": pl.Date(),
    "TIMESTAMP": pl.Datetime("us"),
    "BIGINT": pl.Int64(),
    "DOUBLE": pl.Float64(),
    "BOOLEAN": pl.Boolean(),
}
_ABOUT_RECORDS = ("source_field", "rule")


class PublishError(ValueError):
    """A release that must not go out; the message names the table, what is wrong with it and the remedy."""


def checked_tables(frames: Mapping[str, pl.DataFrame], contracts: Mapping[str, Contract]) -> dict[str, pl.DataFrame]:
    """The frames by name, each with exactly the columns of its published contract, sorted by its key.

    Raises PublishError for the first table that is missing, not under contract or not as its contract says.
    """
    contracts = {contract.id: contract for contract in contracts.values() if contract.layer == "published"}
    if stray := sorted(frames.keys() - contracts.keys()):
        raise PublishError(
            f"Table '{stray[0]}' is not under contract. Add data_contracts/published/{stray[0]}.odcs.yaml."
        )
    if missing := sorted(contracts.keys() - frames.keys()):
        raise PublishError(
            f"Table '{missing[0]}' is missing from the release. Every published contract needs its table."
        )
    return {name: _checked(frames[name], contracts[name]) for name in sorted(frames)}


def _checked(frame: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    expected = {column.name: _POLARS_TYPE[column.sql_type] for column in contract.columns}
    if faults := sorted(f"'{name}'" for name, _ in set(frame.schema.items()) ^ set(expected.items())):
        names = ", ".join(dict.fromkeys(faults))
        raise PublishError(
            f"Table '{contract.id}' differs from {contract.path.name} in {names}. Correct name, presence or type."
        )
    for column in contract.columns:
        if column.required and frame[column.name].null_count():
            raise PublishError(
                f"Table '{contract.id}' has rows without '{column.name}', which {contract.path.name} requires."
            )
    key = contract.primary_key
    if frame.select(key).is_duplicated().any():
        raise PublishError(
            f"Table '{contract.id}' has two rows with the same {', '.join(key)}. Look for a doubled source row."
        )
    _refuse_small_cells(frame, contract)
    return frame.select(list(expected)).sort(key)


def _refuse_small_cells(frame: pl.DataFrame, contract: Contract) -> None:
    # Disclosure control has hidden such cells already; a slip there must not reach a reader.
    if "n" not in frame.columns:
        return
    floor = int(contract.settings["minimumCell"])
    small = frame.filter((pl.col("n") < floor) & pl.col("status").is_in(["shown", "over_tenure", "low", "high"]))
    if small.filter(~pl.col("cut").is_in(_ABOUT_RECORDS)).height:
        raise PublishError(
            f"Table '{contract.id}' shows a cell of fewer than {floor}. It must pass disclosure control first."
        )
