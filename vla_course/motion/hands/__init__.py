"""A standing robot works with its hands: what to grasp, which way, carried out and corrected."""
