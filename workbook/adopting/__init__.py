"""Home-made ledgers become standard ones through a map of their headers that a person has looked at."""
