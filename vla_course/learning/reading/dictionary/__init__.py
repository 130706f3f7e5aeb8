"""What a dictionary knows of words that no command of training has: WordNet's senses, and how alike two words are."""
