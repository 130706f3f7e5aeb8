"""What keeps a worker in: limits, system-call filter, Landlock, and children that are found and ended."""
