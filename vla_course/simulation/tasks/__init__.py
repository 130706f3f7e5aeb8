"""What the robot can be told, the scene it is told in, and the rule of physics that says when it is done."""
