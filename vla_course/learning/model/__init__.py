"""The parts of a vision-language-action model that are no exercise, and what they cost."""
