"""Many ledgers into one table: metrics and statistics by unit, with totals that reconcile."""
