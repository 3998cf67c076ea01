"""The only package that knows Dagster: each module wraps its namesakes outside and holds no logic of its own."""
