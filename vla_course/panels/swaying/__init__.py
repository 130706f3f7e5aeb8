"""A pendulum that sways on its soles: copied from an expert, taught by its own mistakes, and left to try."""
