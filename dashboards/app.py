"""The dashboard as a web application: `streamlit run dashboards/app.py`. The pages are in `screen` and `views`."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount

from dashboards.release import published_folder
from dashboards.serving import DataDocs, Headers

app = st.App(
    Path(__file__).with_name("screen.py"),
    routes=[Mount("/data-docs", app=DataDocs(published_folder() / "data_docs"))],
    middleware=[Middleware(Headers)],
)
