"""Day 4: from demonstrations to a policy - data, training, reinforcement, and an honest evaluation."""
