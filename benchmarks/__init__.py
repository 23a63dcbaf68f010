"""Measurements: what `make bench` prints, and the scripts that made the tables under rag/language/data."""
