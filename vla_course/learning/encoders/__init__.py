"""Encoders of pictures and words: loaded by name, or put together and trained here."""
