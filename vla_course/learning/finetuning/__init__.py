"""Fine-tuning: a grounder is taught the name of a thing that it has never seen, from ten to thirty demonstrations."""
