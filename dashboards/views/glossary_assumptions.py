"""The glossary's assumptions: the rhythm of every career stage, and all settings in force. Choices, not research."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import streamlit as st

from dashboards.data import settings, table
from dashboards.page import Opened, safe_table

_TARGET, _SUPPORT = "target_days ", "stage_support "


def assumptions(opened: Opened) -> None:
    """Both tables of a release."""
    rows = table(str(opened.release.folder), "setting")
    st.subheader("Assumptions in force", anchor=False)
    st.caption("Targets, thresholds and bands chosen for this organisation. They are choices, not research.")
    _rhythm(settings(opened.release), _labels(opened))
    others = rows.filter(~pl.col("name").str.starts_with(_TARGET) & ~pl.col("name").str.starts_with(_SUPPORT))
    named = others.select(Setting=pl.col("name").str.replace_all("_", " "), Value="value", Meaning="description")
    safe_table(named, "Assumptions in force")


def _rhythm(known: Mapping[str, str], labels: Mapping[str, str]) -> None:
    stages = sorted((n.removeprefix(_TARGET) for n in known if n.startswith(_TARGET)), key=[*labels].index)
    if not stages:
        return
    st.markdown("**Rhythm and support by career stage** (assumption, not research)")
    rows = [
        {
            "Stage": labels[stage],
            "Target": f"{known[_TARGET + stage]} days",
            "Critical": f"{known['critical_days']} days",
            "Support that fits": known.get(_SUPPORT + stage, "not judged").replace("_", " "),
            "Basis": "assumption, not research",
        }
        for stage in stages
    ]
    safe_table(pl.DataFrame(rows), "Rhythm and support by career stage")


def _labels(opened: Opened) -> dict[str, str]:
    """Names of the stages in their order; those in which nobody has been are named by their key and come last."""
    groups = table(str(opened.release.folder), "cut_group").filter(pl.col("cut") == "career_stage").sort("position")
    labels = {str(key): str(label) for key, label in zip(groups["group_key"], groups["label"], strict=True)}
    names = (n.removeprefix(_TARGET) for n in settings(opened.release) if n.startswith(_TARGET))
    return labels | {stage: stage.replace("_", " ").capitalize() for stage in names if stage not in labels}
