"""Inside Excel: the ribbon, its macros, and the only user of xlwings."""

VERSION = "0.1.0"
"""That of the distribution; the add-in file names the one it was built from, and the macros compare."""
