"""数据确认单: each office confirms the figures of the report that rest on its rows."""
