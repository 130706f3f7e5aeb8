"""Footsteps planned over ground that was seen: search, safety of steps, and a walk that plans on the way."""
