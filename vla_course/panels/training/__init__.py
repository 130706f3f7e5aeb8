"""How a policy learns, as a notebook shows it: examples, losses, words, credit, and what episodes prove."""
