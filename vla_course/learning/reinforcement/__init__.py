"""How a policy gets better by trying."""
