"""Footsteps: which can be reached, which are safe, and how a way of them is searched."""
