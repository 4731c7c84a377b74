"""Next year's ledger from this one: what goes along, what starts anew, what stays behind."""
