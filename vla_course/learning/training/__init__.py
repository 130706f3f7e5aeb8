"""How a policy learns from demonstrations."""
