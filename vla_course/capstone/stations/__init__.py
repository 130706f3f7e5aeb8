"""What is asked of the robot, station by station, and the numbers that come of it."""
