"""Decisions of casework: values in, values out."""
