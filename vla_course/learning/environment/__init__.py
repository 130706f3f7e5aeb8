"""The tasks as a Gymnasium environment: what a policy is given, and what becomes of its actions."""
