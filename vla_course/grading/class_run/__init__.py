"""A class being graded: who is graded where, what is kept between runs, marks and policy."""
