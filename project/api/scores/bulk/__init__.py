"""Scores by the million: loading them from NDJSON or CSV, and exporting them. docs/bulk.md."""
