"""Provenance: which cells every printed figure came from, and how that travels with a report."""
