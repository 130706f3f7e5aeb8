"""Chunks of actions on the robot's clock: it never waits for the next one."""
