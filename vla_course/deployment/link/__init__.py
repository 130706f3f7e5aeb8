"""The link to a robot: the simulator or a robot process of its own, told and heard by one interface."""
