"""Day 1: a model that sees, reads and acts, built from its parts."""
