"""Day 2: frames on their way from camera to action, what holds them up, and what a robot does when none comes."""
