"""Assets of the landing folder: its inventory, and one raw table for each source contract."""

from collections.abc import Iterator

import dagster as dg

from pipelines import landing, ledger
from pipelines.contracts import Contract
from pipelines.defs.keys import ALL_CONTRACTS, key, spec
from pipelines.landing import landed
from pipelines.landing.accounts import FileAccount
from pipelines.night import Night

SOURCES = [c for c in ALL_CONTRACTS.values() if c.layer == "sources" and "filledBy" not in c.settings]
INVENTORY = dg.AssetKey(["landing", "inventory"])


@dg.asset(
    key=INVENTORY, group_name="landing", description="The files of the landing folder, and which source claims each."
)
def inventory(night: dg.ResourceParam[Night]) -> dg.MaterializeResult[None]:
    """Take stock of the landing folder; files nobody claims are accounted for here."""
    night.on_step("landing/inventory")
    new = ledger.record_arrivals(night.settings.home, night.inputs, night.started_at)
    unclaimed = landing.record_unclaimed(night.files, night.con)
    found = [f"{f.relative}: {f.contract_id or 'no source'}" for f in night.files]
    return dg.MaterializeResult(
        metadata={
            "files": len(night.files),
            "seen for the first time": new,
            "unclaimed": len(unclaimed),
            "list": dg.MetadataValue.md("\n".join(f"- {f}" for f in found) or "none"),
        }
    )


def raw_asset(contract: Contract) -> dg.AssetsDefinition:
    """The asset that lands one source, and the table of its answers where it is a survey."""
    answers = ALL_CONTRACTS.get(str(contract.settings.get("answers")))
    contracts = [contract, answers] if answers else [contract]

    @dg.multi_asset(name=f"raw__{contract.id}", specs=[spec(c, [INVENTORY]) for c in contracts])
    def land(night: dg.ResourceParam[Night]) -> Iterator[dg.MaterializeResult[None]]:
        night.on_step(f"raw/{contract.id}")
        try:
            accounts = landing.land_source(contract, night.files, night.con, answers, night.let_past, night.guard)
        except OSError as error:
            # A shared folder that is away for a moment comes back; a bad file does not get better by waiting.
            raise dg.RetryRequested(max_retries=2, seconds_to_wait=5) from error
        for described in contracts:
            yield dg.MaterializeResult(key(described.table), metadata=equation(accounts))

    return land


def files_check(contract: Contract) -> dg.AssetChecksDefinition:
    """Blocks what descends from a source whose newest file was refused (any file, where deliveries add up)."""

    @dg.asset_check(
        asset=key(contract.table),
        name="files_readable",
        blocking=True,
        description="The files this table needs could be read. Good records are used, the others are quarantined with a reason.",
    )
    def check(night: dg.ResourceParam[Night]) -> dg.AssetCheckResult:
        refused = landed.refusals(contract, night.con)
        reasons = "; ".join(f"{path}: {reason}" for path, reason in refused)
        return dg.AssetCheckResult(
            passed=not refused, description=reasons or "All files could be read.", metadata={"refused": len(refused)}
        )

    return check


def equation(accounts: list[FileAccount]) -> dict[str, dg.MetadataValue]:
    """Each file's equation, for the operator: records = header + accepted + quarantined."""
    schema = dg.TableSchema(
        [
            dg.TableColumn(n, "string" if n in ("file", "status", "encoding") else "int")
            for n in ("file", "status", "encoding", "records", "header", "accepted", "quarantined")
        ]
    )
    rows = [
        dg.TableRecord(
            {
                "file": a.path,
                "status": a.status,
                "encoding": a.encoding,
                "records": a.records,
                "header": a.header,
                "accepted": a.accepted,
                "quarantined": a.quarantined,
            }
        )
        for a in accounts
    ]
    return {
        "files": dg.MetadataValue.table(rows, schema),
        "dagster/row_count": dg.MetadataValue.int(sum(a.accepted for a in accounts)),
    }


assets = [inventory, *map(raw_asset, SOURCES)]
asset_checks = list(map(files_check, SOURCES))
