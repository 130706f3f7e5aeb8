"""What is in a file or folder that was handed in: read within bounds, and where the exercises lie in it."""
