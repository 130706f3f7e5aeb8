"""A class being graded: who is graded where, what is kept between runs, what has changed, who resembles whom."""
