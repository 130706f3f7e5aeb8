"""Whose a file is: what platforms and people write into names, and the students that it belongs to."""
