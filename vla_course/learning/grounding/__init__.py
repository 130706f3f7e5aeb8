"""Learned grounding: from the words of a sentence to places in the robot's pictures."""
