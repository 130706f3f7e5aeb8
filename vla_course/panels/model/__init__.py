"""Pictures and panels of Day 1: what a model gets, says and attends to."""
