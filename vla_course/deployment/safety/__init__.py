"""The safety layer: what no policy may make the robot do, and the emergency stop."""
