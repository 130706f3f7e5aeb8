"""Commands said in many more ways than the templates of training have, for practice and for validation."""
