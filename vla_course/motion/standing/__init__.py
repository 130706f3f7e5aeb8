"""The robot stands: what it measures, how its joints follow a command, and the loop that runs it."""
