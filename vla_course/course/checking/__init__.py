"""`check`: graded tests run on a student's file in a child process."""
