"""Accidents of a walking robot, to be recorded and understood."""
