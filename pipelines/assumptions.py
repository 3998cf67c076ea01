"""What a release assumes, by name: the settings that decide or judge its figures, as readers are told them."""

from __future__ import annotations

from pipelines import reference
from pipelines.settings import Settings

# Where things are and when they run is nobody's assumption; stages are told one by one.
_UNTOLD = (
    "home",
    "schedule",
    "memory_limit",
    "keep_releases",
    "delivery",
    "lists",
    "retention_raw_days",
    "retention_quarantine_days",
    "stage_target_days",
    "stage_support",
)


def assumptions(settings: Settings) -> list[tuple[str, str, str]]:
    """Name, value and meaning of every assumption in force."""
    fields = type(settings).model_fields.items()
    plain = [(n, str(getattr(settings, n)), info.description or "") for n, info in fields if n not in _UNTOLD]
    due = [
        (f"target_days {s}", str(days), "Target of the career stage") for s, days in reference.targets(settings).items()
    ]
    fitting = [
        (f"stage_support {stage}", ", ".join(kinds), "Kinds of support that fit the career stage")
        for stage, kinds in settings.stage_support.items()
    ]
    version = ("support_version", settings.support_version, "Fingerprint of the kinds of support that fit each stage")
    return [*plain, *due, *fitting, version]
