"""Where the robot is and how it moves, by what a robot can measure."""
