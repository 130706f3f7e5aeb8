"""Day 3: what keeps a humanoid on its feet."""
