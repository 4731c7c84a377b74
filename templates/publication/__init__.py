"""The copy for publication: what is printed, and nothing that is not."""
