"""Watching a policy at work: is the world still the one that it was trained for?"""
