"""Demonstrations as a notebook shows them: leafed through, as films, and counted."""
