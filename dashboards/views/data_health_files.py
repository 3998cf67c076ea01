"""The tables of Data health about what arrived: sources, files with their account, records set aside, completeness."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboards import words
from dashboards.data import quality, table
from dashboards.page import safe_table
from dashboards.release import Release

_OPEN = 12
_ONE_PERCENT = 0.01
_WORST_FIRST = {"refused": 0, "late": 1, "fresh": 2, "never": 3}


def sources(release: Release) -> None:
    """Every source that has sent something, late ones first with what to do; on request those that have not."""
    rank = pl.col("status").replace_strict(_WORST_FIRST, default=4)
    every = table(str(release.folder), "source").sort(rank, "domain", "title")
    rows, silent = every.filter(pl.col("status") != "never"), every.filter(pl.col("status") == "never")
    late = rows.filter(pl.col("status").is_in(["late", "refused"])).height
    title = (
        f"{late} of {words.counted(rows.height, 'source')} need attention"
        if late
        else "Every source that arrives is current"
    )
    st.subheader(title, anchor=False)
    remedy = pl.when(pl.col("status") == "fresh").then(pl.lit("")).otherwise(pl.col("remedy").fill_null(""))
    named = rows.select(
        Source="title",
        State=pl.concat_str("status", _age(), separator="; ", ignore_nulls=True),
        Records=pl.format("{}, {} set aside", _count("accepted"), _count("quarantined")),
        Remedy=remedy,
    )
    _long(named if late else named.drop("Remedy"), "Sources")
    if silent.height:
        with st.expander(f"{words.counted(silent.height, 'further source')} could be connected"):
            safe_table(silent.select(Source="title", How="remedy"), "Sources that have sent nothing")


def _age() -> pl.Expr:
    allowed = pl.format(", may be {} days old", "freshness_days").fill_null("")
    return pl.format("newest file {}", _day("last_as_of")) + allowed


def accounts(release: Release) -> None:
    """Every file with its equation: records = header + accepted + set aside."""
    rows = table(str(release.folder), "source_file").sort(
        pl.col("as_of"), "path", descending=[True, False], nulls_last=True
    )
    off = rows.filter(pl.col("records") != pl.col("header") + pl.col("accepted") + pl.col("quarantined")).height
    st.subheader(
        words.not_adding_up(off) if off else "Every record of every file is accounted for",
        anchor=False,
    )
    st.caption("Records in the file = headings + accepted + set aside")
    adds_up = pl.col("records") == pl.col("header") + pl.col("accepted") + pl.col("quarantined")
    account = pl.when(adds_up).then(pl.lit("adds up")).otherwise(pl.lit("does not add up"))
    named = rows.select(
        File="path",
        Account=pl.format("{} = {} + {} + {}", *(_count(c) for c in ("records", "header", "accepted", "quarantined"))),
        Result=pl.concat_str("status", account, pl.col("reason").replace("", None), separator="; ", ignore_nulls=True),
        Format=pl.concat_str(
            pl.col("encoding").replace("", None), _delimiter(), _dates(), separator=", ", ignore_nulls=True
        ),
    )
    _long(named.rename({"Format": "Read as"}), "Files and their account")
    dated = rows.filter(pl.col("date_format").fill_null("") != "")
    if dated.height:
        with st.expander("How each date column was read"):
            safe_table(dated.select(File="path", Dates="date_format"), "Date formats by file")


def _delimiter() -> pl.Expr:
    return pl.col("delimiter").replace({",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", "": None})


def _dates() -> pl.Expr:
    """The date formats that occur in a file, each once."""
    formats = pl.col("date_format").str.extract_all(r"[dMy]+[-/. ][dMy]+[-/. ][dMy]+").list.unique().list.sort()
    return pl.when(formats.list.len() > 0).then(pl.lit("dates ") + formats.list.join(", "))


def reasons(release: Release) -> None:
    """Why records were set aside, by file, with the line of the first one."""
    rows = table(str(release.folder), "quarantine_reason").sort("records", descending=True)
    total = int(rows["records"].sum())
    if not total:
        st.subheader("No record was set aside", anchor=False)
        return
    st.subheader(f"{words.counted(total, 'record')} set aside, none of them counted", anchor=False)
    st.caption("Correct them in the system they come from and export again; the original file is never edited.")
    named = rows.select(
        Why=_sentence("reason"), Records=_count("records"), First=pl.format("{}, line {}", "path", _count("first_line"))
    )
    _long(named.rename({"First": "First one in"}), "Why records were set aside")


def fields(release: Release) -> None:
    """Share unknown of each field by source, most unknown first."""
    rows = quality(release, "DQ-01").filter(pl.col("value").is_not_null()).sort("value")
    st.subheader("What is not recorded", anchor=False)
    if not rows.height:
        st.caption("This release has no completeness figures.")
        return
    st.caption("Share of records where the field is unknown")
    titles = _titles(release)
    named = rows.select(
        Source=pl.col("group_key").replace(titles),
        Field=pl.col("second_key").str.replace_all(r"^is_|_key$", "").str.replace_all("_", " "),
        Unknown=_percent(1 - pl.col("value")),
        Records=_count("n"),
    )
    _long(named, "Share unknown by field")


def coverage_and_rules(release: Release) -> None:
    """Share of people that any source covers, and the share of impossible rows by rule."""
    covered = quality(release, "DQ-02").filter((pl.col("cut") == "company") & pl.col("value").is_not_null())
    if covered.height:
        share = covered["value"][0]
        st.subheader(f"{share:.0%} of people are covered by a source", anchor=False)
        st.caption(f"For the other {1 - share:.0%} no record means unknown, not none.")
    rows = quality(release, "DQ-04").filter(pl.col("value").is_not_null()).sort("value", descending=True)
    st.subheader("Impossible rows, by rule", anchor=False)
    if not rows.height:
        st.caption("This release has no figures about impossible rows.")
        return
    labels = table(str(release.folder), "cut_group").filter(pl.col("cut") == "rule")
    named_rules = dict(zip(labels["group_key"].to_list(), labels["label"].to_list(), strict=True))
    named = rows.select(
        Rule=pl.col("group_key").replace(named_rules),
        Share=pl.when(pl.col("value") > 0).then(_exact_percent("value")).otherwise(pl.lit("none")),
        Records=_count("n"),
    )
    safe_table(named, "Impossible rows by rule")


def _long(rows: pl.DataFrame, subject: str) -> None:
    """A table of which only the first rows stand open, so that a long landing folder does not bury the rest."""
    # An expander for a row or two would take as much room as they do.
    first = rows.height if rows.height <= _OPEN + 3 else _OPEN
    safe_table(rows.head(first), subject)
    if rows.height > first:
        with st.expander(f"Show the other {words.count(rows.height - first)}"):
            safe_table(rows.slice(first), subject)


def _titles(release: Release) -> dict[str, str]:
    """Title by source, and by vendor: that of its source in use where there is just one, else its name."""
    rows = table(str(release.folder), "source")
    in_use = rows.filter(pl.col("files") > 0).group_by(pl.col("source").str.extract("^(.+?)__", 1)).agg("title")
    vendors = {str(v): t[0] if len(t) == 1 else str(v).capitalize() for v, t in in_use.iter_rows()}
    return vendors | dict(zip(rows["source"].to_list(), rows["title"].to_list(), strict=True))


def _sentence(column: str) -> pl.Expr:
    return pl.col(column).str.slice(0, 1).str.to_uppercase() + pl.col(column).str.slice(1)


def _day(column: str) -> pl.Expr:
    return pl.col(column).map_elements(words.day, return_dtype=pl.String)


def _count(column: str) -> pl.Expr:
    return pl.col(column).map_elements(words.count, return_dtype=pl.String)


def _percent(share: pl.Expr) -> pl.Expr:
    rounded = pl.format("{}%", (share * 100).round(0).cast(pl.Int64))
    return (
        pl.when(share == 0).then(pl.lit("none")).when(share < _ONE_PERCENT).then(pl.lit("under 1%")).otherwise(rounded)
    )


def _exact_percent(column: str) -> pl.Expr:
    return pl.col(column).map_elements(lambda share: f"{share:.2%}", return_dtype=pl.String)
