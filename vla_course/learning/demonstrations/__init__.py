"""Demonstrations of the expert: collected by many processes, kept as a LeRobotDataset, read back without LeRobot."""
