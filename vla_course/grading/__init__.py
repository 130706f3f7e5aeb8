"""The instructor's side: student code runs in a worker that can do no harm, verdicts are made where it is not."""
