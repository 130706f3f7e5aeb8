"""Long goals: a plan of subtasks, each ended by what the robot perceives."""
