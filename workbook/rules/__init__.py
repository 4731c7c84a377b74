"""Whether the entries are right: one rule, one fault, one remedy.

`every` holds all rules, `errors` only those that can stop a report; both register them by being imported.
"""
