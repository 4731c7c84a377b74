"""From a file to its raw cells: content told by bytes, bounded before any library opens it."""
