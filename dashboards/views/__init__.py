"""One module a page; each draws its page when Streamlit runs it and only defines functions when imported."""
