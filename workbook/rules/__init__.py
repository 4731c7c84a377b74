"""Whether the entries are right: one rule, one fault, one remedy."""
