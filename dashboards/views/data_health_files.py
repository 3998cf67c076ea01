"""The tables of Data health about files: those refused, the account of each, and the records set aside."""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboards import words
from dashboards.columns import count, sentence
from dashboards.data import table
from dashboards.page import long_table, safe_table
from dashboards.release import Release

_EQUATION = ("records", "header", "accepted", "quarantined")
_ADDS_UP = pl.col("records") == pl.col("header") + pl.col("accepted") + pl.col("quarantined")
_STATUSES = {"read": "Read", "refused": "Refused", "duplicate": "Duplicates"}


def refused(release: Release) -> None:
    """Files of which nothing was taken, newest first, each with the reason and the remedy in full."""
    every = _files(release)
    rows = every.filter(pl.col("status") == "refused")
    if not rows.height:
        return
    verb = "was" if rows.height == 1 else "were"
    st.subheader(f"{rows.height} of {words.counted(every.height, 'file')} {verb} refused", anchor=False)
    st.caption("Nothing of a refused file is counted. Each line says why and what to deliver instead.")
    named = rows.select(File="path", Why=pl.col("reason").replace("", None))
    long_table(named.rename({"Why": "Why, and what to do"}), "Refused files")


def accounts(release: Release) -> None:
    """Every file with its equation, records = header + accepted + set aside: those that are off first, then the newest."""
    rows = _files(release)
    off = rows.filter(~_ADDS_UP).height
    st.subheader(
        words.not_adding_up(off) if off else "Every record of every file is accounted for",
        anchor=False,
    )
    chosen = _chosen(rows)
    st.caption("Records in the file = headings + accepted + set aside")
    account = pl.when(_ADDS_UP).then(pl.lit("adds up")).otherwise(pl.lit("does not add up"))
    # Why a file was refused is told in full above; in a cell of this table it would push all others aside.
    note = pl.when(pl.col("status") != "refused").then(pl.col("reason").replace("", None))
    named = chosen.select(
        File="path",
        Account=pl.format("{} = {} + {} + {}", *map(count, _EQUATION)),
        Result=pl.concat_str("status", account, note, separator="; ", ignore_nulls=True),
        Format=pl.concat_str(
            pl.col("encoding").replace("", None), _delimiter(), _dates(), separator=", ", ignore_nulls=True
        ),
    )
    long_table(named.rename({"Format": "Read as"}), "Files and their account")
    _date_columns(rows, release)


def _files(release: Release) -> pl.DataFrame:
    order = (_ADDS_UP, pl.col("as_of"), pl.col("path"))
    return table(str(release.folder), "source_file").sort(*order, descending=[False, True, False], nulls_last=True)


def _chosen(rows: pl.DataFrame) -> pl.DataFrame:
    """The files of the status a reader picks; where all have the same there is nothing to pick."""
    found = dict(rows.group_by("status").len().iter_rows())
    if len(found) < 2:
        return rows
    labels = {"": f"All {words.count(rows.height)}"}
    labels |= {
        status: f"{label} {words.count(found[status])}" for status, label in _STATUSES.items() if status in found
    }
    status = st.segmented_control(
        "Show files", list(labels), default="", required=True, format_func=labels.__getitem__, key="files-shown"
    )
    return rows.filter(pl.col("status") == status) if status else rows


def _date_columns(rows: pl.DataFrame, release: Release) -> None:
    dated = rows.filter(pl.col("date_format").fill_null("") != "")
    if not dated.height:
        return
    sources = table(str(release.folder), "source")
    titles = dict(zip(sources["source"].to_list(), sources["title"].to_list(), strict=True))
    # Hundreds of files of one source are read alike: one line says so, and a file that was read otherwise stands out.
    alike = (
        dated.group_by("source", "date_format").agg(Files=pl.len()).sort("source", "Files", descending=[False, True])
    )
    with st.expander("How each date column was read"):
        named = alike.select(pl.col("source").replace(titles).alias("Source"), "Files", Dates="date_format")
        safe_table(named, "Date formats by source")


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
        Why=sentence("reason"), Records=count("records"), First=pl.format("{}, line {}", "path", count("first_line"))
    )
    long_table(named.rename({"First": "First one in"}), "Why records were set aside")
