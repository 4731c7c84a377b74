"""What a ledger is, how it is read and written, and what its rows add up to."""
