"""The script Streamlit reruns: the pages and the way between them. Started through `app`, which serves it."""

from pathlib import Path

import streamlit as st

from dashboards.access.account import instead
from dashboards.access.denials import AccessDeniedError
from dashboards.access.viewing import current_role
from dashboards.page import (
    ACCESS_LOG,
    DATA_HEALTH,
    GLOSSARY,
    LIST_REVIEW,
    OUTCOMES,
    OVERVIEW,
    TALK_NEXT,
    may_open,
)

# Named icons and emoji are fetched from a font host; a file is not.
_ICON = str(Path(__file__).with_name("icon.svg"))

# A table that scrolls sideways cannot be reached by keyboard, so on a phone words in cells break wherever they must.
# Cells may be wider than a phone's, and the labels of a description list stay in a narrow column of their own.
# Cards of two grids beside each other end on one line.
_STYLE = (
    "<style>.stTable :is(td, th) { min-width: 4rem; } "
    ".stTable :is(td, th, td *, th *) { overflow-wrap: break-word !important; } "
    "@media (max-width: 600px) { .stTable :is(td, th) { min-width: 3.75rem; } "
    ".stTable :is(td, td *) { overflow-wrap: anywhere !important; } "
    ".stTable table:has(th:nth-child(5)) :is(td, th, td *, th *) { overflow-wrap: anywhere !important; } "
    ".stTable table:has(th:nth-child(5)) :is(td, th) { min-width: 2.4rem; padding-inline: 0.3rem; } } "
    ".st-key-runs td:first-child * { white-space: nowrap; } "
    '.st-key-cards [data-testid="stLayoutWrapper"]:has(.stGrid) { flex-grow: 1; } '
    ".stTable td > div { max-width: 48rem !important; } "
    '[class*="st-key-facts"] td:first-child { width: min(13rem, 32%); vertical-align: top; }</style>'
)


# Path, title, icon and address of every page; a page is added with one line here and one in `page.READERS`.
_PAGES = (
    (OVERVIEW, "Overview", ":material/insights:", "overview"),
    (OUTCOMES, "Outcomes", ":material/compare_arrows:", "outcomes"),
    (TALK_NEXT, "Who to talk to next", ":material/forum:", "talk-next"),
    (LIST_REVIEW, "List review", ":material/rule:", "list-review"),
    (DATA_HEALTH, "Data health", ":material/fact_check:", "data-health"),
    (GLOSSARY, "Glossary", ":material/menu_book:", "glossary"),
    (ACCESS_LOG, "Access log", ":material/policy:", "access-log"),
)


def main() -> None:
    """Draw the navigation of what the viewer may open and run the chosen page; a viewer without a session gets none."""
    st.set_page_config(page_title="Parley", page_icon=_ICON, layout="wide")
    st.html(_STYLE)
    try:
        role = current_role()
        offered = [page for page in _PAGES if may_open(page[0], role)]
        chosen = st.navigation(
            [
                st.Page(path, title=title, icon=icon, url_path=address, default=path == offered[0][0])
                for path, title, icon, address in offered
            ],
            position="top",
        )
        chosen.run()
    except AccessDeniedError as denied:
        instead(denied)


main()
