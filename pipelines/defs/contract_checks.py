"""A blocking check for every table under contract: what Great Expectations found, as counts."""

import dagster as dg

from pipelines.contracts import Contract
from pipelines.defs.keys import ALL_CONTRACTS, key
from pipelines.expectations import CheckResult
from pipelines.night import Night
from pipelines.night_checks import check_contract
from pipelines.tables import tables_in

# Made by the release itself, after every check has spoken.
_LATE = ("check_result",)
NAME = "contract"


def contract_check(contract: Contract) -> dg.AssetChecksDefinition:
    """The check of one contract; errors block what descends from the table, warnings are shown."""

    others = {table for check in contract.checks for table in tables_in(check.query)} - {contract.table}

    @dg.asset_check(
        asset=key(contract.table),
        name=NAME,
        blocking=True,
        additional_deps=[key(table) for table in sorted(others)],
        description=f"{contract.title}: everything is as the contract says.",
    )
    def check(night: dg.ResourceParam[Night]) -> dg.AssetCheckResult:
        results = check_contract(night, contract)
        broken = [r for r in results if not r.is_passed]
        errors = [r for r in broken if r.severity == "error"]
        held = f"{len(results)} checks held." if results else "Nothing was delivered."
        return dg.AssetCheckResult(
            passed=not broken,
            severity=dg.AssetCheckSeverity.ERROR if errors else dg.AssetCheckSeverity.WARN,
            description="; ".join(r.description for r in errors or broken) or held,
            metadata={"checks": len(results), "broken": len(broken), "results": _table(results)},
        )

    return check


def _table(results: list[CheckResult]) -> dg.TableMetadataValue:
    names = ("check", "column", "passed", "observed", "unexpected")
    rows = [
        dg.TableRecord(
            {
                "check": r.check_name,
                "column": r.column_name,
                "passed": r.is_passed,
                "observed": r.observed or 0,
                "unexpected": r.unexpected or 0,
            }
        )
        for r in results
    ]
    return dg.MetadataValue.table(
        rows, dg.TableSchema([dg.TableColumn(n, "bool" if n == "passed" else "string") for n in names])
    )


asset_checks = [contract_check(c) for c in ALL_CONTRACTS.values() if c.id not in _LATE]
