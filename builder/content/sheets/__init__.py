"""Sheets as offices keep them → tables: where one stands in a sheet, what its headers say, and what its cells hold."""
