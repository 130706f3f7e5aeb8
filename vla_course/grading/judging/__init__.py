"""Verdicts: graded tests run against a worker, one submission at a time."""
