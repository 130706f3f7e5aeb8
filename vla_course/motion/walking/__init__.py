"""The robot walks: gait, reference, landing, and the walker that leads from step to step."""
