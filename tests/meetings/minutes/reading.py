"""Reads a paper as its readers do."""

from tests.publication.saying_the_same import assert_in_pdf, assert_reads, expected

__all__ = ["assert_in_pdf", "assert_reads", "expected"]
