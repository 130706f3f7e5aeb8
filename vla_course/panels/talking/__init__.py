"""A robot that is told something: speech, plans, and what becomes of them."""
