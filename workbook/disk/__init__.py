"""The disk below `workbook.files`: operating systems, locks, files on their way, errors in a sentence."""
