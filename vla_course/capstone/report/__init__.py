"""The page of a capstone."""
