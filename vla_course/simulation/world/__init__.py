"""A physics world: the engine, its clock, its light, and rotations."""
