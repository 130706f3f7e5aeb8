"""Pictures and panels of standing: pushes, limits, lessons."""
