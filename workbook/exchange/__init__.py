"""Between offices: what was sent, what came back, and what of it is merged."""
