"""Back to a clean standard workbook: damaged ones, older ones, home-made ones; every cell accounted for."""
