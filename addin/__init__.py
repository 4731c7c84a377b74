"""Inside Excel: the ribbon, its macros, and the only user of xlwings."""
