"""Deploying a policy on a robot: fast, safe, watched, recorded, spoken to, with a plan."""
