"""A clerk's own .xlsx or .xlsm changed in place: values and marks go in, every other byte stays."""
