"""The dashboard: reads published snapshots only and imports nothing from the pipelines."""
