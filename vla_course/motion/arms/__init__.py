"""One arm: its chain of joints, poses of its tool, and what inverse kinematics asks and answers."""
