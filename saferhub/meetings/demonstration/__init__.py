"""A year of meetings in every hub, for the demonstration: invented, and written by COPY."""
