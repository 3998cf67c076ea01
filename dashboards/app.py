"""The dashboard as a web application: `streamlit run dashboards/app.py`. The pages are in `screen` and `views`."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount, Route

from dashboards.access.deployment import deployment
from dashboards.access.exports import hand_out
from dashboards.access.guard import Guard
from dashboards.release import published_folder
from dashboards.serving import DataDocs, Headers

_SIGN_IN = deployment().sign_in

app = st.App(
    Path(__file__).with_name("screen.py"),
    secrets={"auth": _SIGN_IN.auth_section()} if _SIGN_IN else None,
    routes=[
        Mount("/data-docs", app=DataDocs(published_folder() / "data_docs")),
        Route("/export/{token}", hand_out, methods=["GET"]),
    ],
    middleware=[Middleware(Headers, is_https=_SIGN_IN is not None and _SIGN_IN.is_https), Middleware(Guard)],
)
