"""Assets of what follows a release and can undo nothing of it: readers are told, and what need not be kept goes."""

from functools import partial

import dagster as dg

from pipelines import retention
from pipelines.defs import channels
from pipelines.defs.keys import key
from pipelines.defs.release import RELEASE
from pipelines.night import Night
from pipelines.telling import Channel, tell

_LISTED = [key("staging.parley__access_scope"), key("core.delivered_name")]


@dg.asset(key=key("published.delivery"), deps=[RELEASE, *_LISTED], group_name="published")
def delivery(night: dg.ResourceParam[Night]) -> dg.MaterializeResult[None]:
    """Readers of a list are told that it is ready; what went wrong is told on Data health and fails nothing."""
    night.on_step("published/delivery")
    by_name: dict[str, Channel] = {
        "slack": partial(channels.slack, night.settings.delivery.slack_channel),
        "teams": channels.teams,
    }
    report = tell(night, by_name)
    counts = {state.value: count for state, count in report.counts.items()}
    return dg.MaterializeResult(metadata=counts | {"reasons": " ".join(report.reasons) or "none"})


@dg.asset(key=key("published.retention"), deps=[RELEASE, key("core.id_conflict")], group_name="published")
def kept(night: dg.ResourceParam[Night]) -> dg.MaterializeResult[None]:
    """Exports that no figure rests on and copies made to look back are removed after their time."""
    night.on_step("published/retention")
    if night.is_rebuilt:
        return dg.MaterializeResult(metadata={"removed": 0})
    try:
        removed, reason = retention.expire(night), "none"
    except OSError as error:
        # The release stands; the next night tries again.
        removed, reason = [], f"{error.strerror}: {error.filename}"
    return dg.MaterializeResult(metadata={"removed": len(removed), "not removed because": reason})


assets = [delivery, kept]
