"""Whose code runs: what the student has written, and the reference's where there is nothing."""
