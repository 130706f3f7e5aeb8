"""How the course's records look: cards in a notebook, rich text in a shell."""
