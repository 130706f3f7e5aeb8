"""Sentences that are no commands, though they look like some."""
