"""LibreOffice Calc under the macros: an xlwings engine whose other half, `inside`, runs within the office.

The menu entry starts this program as a child of the office; the two talk over the child's own
standard input and output, so no port and no pipe is open to anybody else, and any Python will do.
"""
