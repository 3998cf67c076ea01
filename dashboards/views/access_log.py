"""Access log: who has seen what? Entries, newest first, and whether the log is as it was written; for the auditor."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import streamlit as st

from dashboards import words
from dashboards.access.account import ROLE_WORDS, account
from dashboards.access.audit_log import Chain
from dashboards.access.decisions import broken_at
from dashboards.access.denials import DecisionsError
from dashboards.access.fetching import log_chain
from dashboards.access.scopes import Role
from dashboards.access.viewing import current
from dashboards.page import facts_table, long_table

_EVENTS = {
    "read": "read",
    "denied": "was refused",
    "export": "exported",
    "sign_in": "signed in",
    "sign_out": "signed out",
}
_QUESTIONS = {
    "metric": "figures of groups",
    "company": "figures of the company",
    "keys": "which groups have figures",
    "my_list": "own list of names",
    "review_list": "list of names to review",
    "list_entry": "one entry of a list",
    "table.cut_group": "names of groups",
    "table.metric_definition": "definitions",
    "table.setting": "settings in force",
    "table.check_result": "results of checks",
    "table.source": "state of exports",
}
_WIDE = 16


def render() -> None:
    """Draw the page; the log has no figures and no names of the people that were looked at."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.title("Who has seen what?", anchor=False, width="stretch")
        account()
    chain = log_chain(current())
    _verdict(chain)
    _verdict_on_decisions()
    names = st.toggle("Only reads that name people", key="log-names")
    rows = [row for row in reversed(chain.entries) if row.get("subjects") or not names]
    if not rows:
        st.caption("No entry yet." if not chain.entries else "Nobody has opened a list of names.")
        return
    long_table(pl.DataFrame([_line(row) for row in rows]), "Entries of the access log, newest first")


def _verdict(chain: Chain) -> None:
    if chain.broken_at is None:
        st.success("Verified: every entry follows from the one before it.", icon=":material/verified:")
    else:
        st.error(
            f"Not verified: line {chain.broken_at} is not as it was written, or lines before it are gone. Keep the file"
            " as evidence, move it aside, find out who could write to it and start the dashboard again, which begins a new"
            " log. Until then nobody is shown anything.",
            icon=":material/gpp_bad:",
        )
    facts = {"Entries": words.count(len(chain.entries)), "Newest digest": chain.newest}
    if chain.unfinished:
        facts["Unfinished lines"] = f"{words.count(chain.unfinished)}, cut off while being written; nothing was shown"
    facts_table(facts, "The access log")
    st.caption(
        "Note the newest digest now and then: the entry that carries it must still be there when you come again."
    )


def _verdict_on_decisions() -> None:
    """Whether what was decided about entries of lists is as it was written; where it is not, nobody sees a list."""
    try:
        line = broken_at()
    except DecisionsError as fault:
        st.error(str(fault), icon=":material/gpp_bad:")
        return
    if line is not None:
        st.error(
            f"The decisions about lists are not verified: line {line} of reviews/decisions.jsonl is not as it was written, or"
            " lines before it are gone. Keep the file as evidence, find out who could write to it, bring it back from the"
            " backup and start the dashboard again. Until then no list is shown to anybody.",
            icon=":material/gpp_bad:",
        )


def _line(row: Mapping[str, object]) -> dict[str, str]:
    subjects = row.get("subjects")
    role = str(row.get("role", ""))
    return {
        "When (UTC)": str(row.get("at", ""))[:19].replace("T", " "),
        "Who": str(row.get("viewer", "")),
        "As": ROLE_WORDS[Role(role)] if role in list(Role) else "–",
        "Did": _EVENTS.get(str(row.get("event")), str(row.get("event"))),
        "What": _question(str(row.get("query") or "–")),
        "People": words.count(len(subjects)) if isinstance(subjects, list) else "0",
        "Purpose": str(row.get("purpose") or "–").replace("_", " "),
        "Digest": str(row.get("hash", ""))[:_WIDE],
    }


def _question(query: str) -> str:
    return _QUESTIONS.get(query, query.removeprefix("table.").replace("_", " "))


if __name__ == "__main__":
    render()
