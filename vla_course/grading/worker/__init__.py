"""The worker that holds a student's code, and the grader's side of the two pipes to it."""
