"""What Day 5 shows."""
