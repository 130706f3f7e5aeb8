"""What an evaluation looks like: a page to read, with its charts and films."""
