"""The script Streamlit reruns: the pages and the way between them. Started through `app`, which serves it."""

from pathlib import Path

import streamlit as st

from dashboards.page import DATA_HEALTH, GLOSSARY, OVERVIEW

# Named icons and emoji are fetched from a font host; a file is not.
_ICON = str(Path(__file__).with_name("icon.svg"))

# A table that scrolls sideways cannot be reached by keyboard, so on a phone words in cells break wherever they must.
# Cells may be wider than a phone's, and the labels of a description list stay in a narrow column of their own.
# Cards of two grids beside each other end on one line.
_STYLE = (
    "<style>.stTable :is(td, th) { min-width: 4rem; } "
    ".stTable :is(td, th, td *, th *) { overflow-wrap: break-word !important; } "
    "@media (max-width: 600px) { .stTable :is(td, th) { min-width: 3.75rem; } "
    ".stTable :is(td, td *) { overflow-wrap: anywhere !important; } } "
    ".st-key-runs td:first-child * { white-space: nowrap; } "
    '.st-key-cards [data-testid="stLayoutWrapper"]:has(.stGrid) { flex-grow: 1; } '
    ".stTable td > div { max-width: 48rem !important; } "
    '[class*="st-key-facts"] td:first-child { width: min(13rem, 32%); vertical-align: top; }</style>'
)


def main() -> None:
    """Draw the navigation and run the chosen page; a page is added with one line here."""
    st.set_page_config(page_title="Parley", page_icon=_ICON, layout="wide")
    chosen = st.navigation(
        [
            st.Page(OVERVIEW, title="Overview", icon=":material/insights:", default=True),
            st.Page(DATA_HEALTH, title="Data health", icon=":material/fact_check:", url_path="data-health"),
            st.Page(GLOSSARY, title="Glossary", icon=":material/menu_book:", url_path="glossary"),
        ],
        position="top",
    )
    st.html(_STYLE)
    chosen.run()


main()
