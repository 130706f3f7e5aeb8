"""What crosses the wire between a robot and its policy, and how it is checked at the border."""
