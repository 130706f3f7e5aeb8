"""What stands round the robot: tables, things, people, terrain; and the cameras that see them."""
