"""Many files, one mechanism: whichever command works on them, and whoever does the work.

orders -> executor (processes here, or Dask) -> results in order -> what is printed, the record, the summary.
"""
