"""What may be wrong with a text, cell or report: pure detectors, from prose to the places of hits."""
