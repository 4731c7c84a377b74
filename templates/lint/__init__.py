"""Advice on any report, ours or not: what is read, what its paragraphs are, what may be wrong with them."""
