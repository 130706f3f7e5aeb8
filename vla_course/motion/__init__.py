"""The frame of motion: what is measured, how joints follow a command, and the loops that run it."""
