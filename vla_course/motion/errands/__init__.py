"""Errands on foot: walk up, take, carry, put down, and name how it ended."""
