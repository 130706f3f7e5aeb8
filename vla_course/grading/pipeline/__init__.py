"""`vla-course grade` from submissions to marks, and the platforms it hands them to."""
