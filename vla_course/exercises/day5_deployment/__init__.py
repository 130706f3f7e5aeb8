"""Day 5: on the robot - safe, fast, observed, spoken to."""
