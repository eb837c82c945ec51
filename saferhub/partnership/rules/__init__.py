"""Decisions of the partnership: working days, clocks and statutory duties. Values in, values out."""
