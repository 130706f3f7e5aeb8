"""Thinking in threads: frames in, the newest first; answers out; counted, within bounds of time and memory."""
