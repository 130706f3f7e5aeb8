"""Learning to see without labels: from pictures and what was said, and from moments that lie close together in time."""
