"""A document as GB/T 9704-2012 sets it: the standard as a table, reference.docx, docx and PDF."""
