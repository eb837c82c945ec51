"""The large demonstration: a world that is planned as values, and written by operations or by COPY."""
