"""`vla-course release --student`: the course without its answers."""
