"""The direct policy at both ends of a wire: a network that decides, and a robot that obeys in time."""
