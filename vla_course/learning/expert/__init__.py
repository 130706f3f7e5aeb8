"""The expert that carries out any task with the stack of Day 3 and knows all of the scene."""
