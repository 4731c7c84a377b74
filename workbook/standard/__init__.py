"""The standard workbook as Excel opens it: sheets, dropdowns, live formulas, 看板, 填写说明."""
