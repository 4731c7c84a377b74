"""What runs in LibreOffice's own Python (3.8 or newer): the standard library and UNO alone, relative imports alone."""
