"""How well a policy does, and how sure one may be of it."""
