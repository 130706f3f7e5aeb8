"""Mutants of the reference answers: what the graded tests must notice."""
