"""From a ledger to a typeset document: outline, narrative, GB/T 9704."""
