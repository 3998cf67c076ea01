"""Assets of what leaves: the published tables, and the release that readers see."""

from collections.abc import Callable, Iterator

import dagster as dg
import polars as pl

from pipelines import composing, defining, links, lists, metric_rows, night_checks, refusal_worlds, refusals, scoring
from pipelines.defs.keys import ALL_CONTRACTS, ALL_TABLES, key, spec
from pipelines.metric_rows import Past
from pipelines.night import Night
from pipelines.release import frames_of, publish_night, store
from pipelines.trials import what_if
from pipelines.trials.protocol import talking_and_leaving

_METRICS = [key(t.full_name) for t in ALL_TABLES.values() if t.schema == "metrics"]
_LANDED = [key(c.table) for c in ALL_CONTRACTS.values() if c.layer == "sources"]
_PUBLISHED = [c for c in ALL_CONTRACTS.values() if c.layer == "published" and c.id != "check_result"]
RELEASE = dg.AssetKey(["published", "release"])
SCOPES = dg.AssetKey(["published", "scopes"])
_SCOPED = (
    "lists.line",
    "lists.due",
    "lists.person_feature",
    "lists.origin_cell",
    "core.access_grant",
    "core.identity",
    "core.org_unit",
)

_MAKERS: dict[str, tuple[list[dg.AssetKey], Callable[[Night], pl.DataFrame | Iterator[pl.DataFrame]]]] = {
    "metric": (
        [*_METRICS, key("core.org_unit")],
        lambda n: metric_rows.metric(n.con, n.tables, n.settings, Past(n.closed, n.definitions)),
    ),
    "survey_item": (
        [key("core.item_census"), key("core.org_unit")],
        lambda n: composing.survey_item(n.con, n.settings),
    ),
    "link": (
        [key(name) for name in links.READS["link"]],
        lambda n: links.link(n.con, n.settings, n.as_of),
    ),
    "link_curve": (
        [key(name) for name in links.READS["link_curve"]],
        lambda n: links.link_curve(n.con, n.settings, n.as_of),
    ),
    "what_if": (
        [key(name) for name in what_if.READS],
        lambda n: what_if.what_if(n.con, talking_and_leaving(), n.as_of, n.settings.minimum_cell),
    ),
    "link_protocol": ([], lambda _: links.protocols()),
    "metric_definition": ([], lambda n: defining.metric_definition(n.tables, n.contracts, n.settings)),
    "refusal": ([], lambda _: refusals.table()),
    "refusal_picture": ([], lambda _: refusal_worlds.pictures()),
    "restatement": ([key("releases.dq_05_restatement")], lambda n: composing.restatement(n.con)),
    "model_fairness": (
        [key("lists.origin_cell"), key("fairness.attribute_cell")],
        lambda n: scoring.model_fairness(n.con, n.as_of),
    ),
    "model_card": (
        [key("lists.origin_cell"), key("published.model_fairness")],
        lambda n: scoring.model_card(n.con, n.as_of),
    ),
    "cut_group": (
        [key("core.census"), key("core.org_closure"), key("core.episode")],
        lambda n: composing.cut_group(n.con, n.settings),
    ),
    "source": (_LANDED, lambda n: composing.source(n.con, n.contracts, n.as_of)),
    "source_file": (_LANDED, lambda n: composing.source_file(n.con)),
    "quarantine_reason": (_LANDED, lambda n: composing.quarantine_reason(n.con)),
    "setting": (
        [key("core.employment"), key("raw.run")],
        lambda n: composing.setting(n.con, n.settings, n.as_of, n.accepted),
    ),
}


def published_asset(name: str) -> dg.AssetsDefinition:
    """The asset of one published table, still inside the warehouse; its contract is checked before it may leave."""
    deps, maker = _MAKERS[name]
    contract = ALL_CONTRACTS[name]

    @dg.multi_asset(name=f"published__{name}", specs=[spec(contract, deps)])
    def make(night: dg.ResourceParam[Night]) -> Iterator[dg.MaterializeResult[None]]:
        night.on_step(f"published/{name}")
        yield dg.MaterializeResult(
            key(contract.table), metadata={"dagster/row_count": store(night, contract, maker(night))}
        )

    return make


@dg.asset(key=SCOPES, deps=[*map(key, _SCOPED)], group_name="published", kinds={"parquet"})
def scopes(night: dg.ResourceParam[Night]) -> dg.MaterializeResult[None]:
    """Who may see what, and one list for each leader and reviewer, in place before the release they belong to."""
    night.on_step("published/scopes")
    if night.is_rebuilt:
        return dg.MaterializeResult(metadata={"lists": 0})
    made = lists.publish_lists(night.con, night.settings, night.release_id, night.as_of)
    return dg.MaterializeResult(metadata={"lists": made.lists, "none because": made.refusal or "–"})


@dg.asset(key=RELEASE, deps=[SCOPES, *(key(c.table) for c in _PUBLISHED)], group_name="published", kinds={"parquet"})
def release(night: dg.ResourceParam[Night]) -> dg.MaterializeResult[None]:
    """The release readers see: written beside the last one, then pointed to in one step."""
    night.on_step("published/release")
    night_checks.write_docs(night)
    folder = publish_night(night, frames_of(night, _PUBLISHED))
    return dg.MaterializeResult(metadata={"release": folder.name, "folder": dg.MetadataValue.path(folder)})


assets = [*map(published_asset, _MAKERS), scopes, release]
