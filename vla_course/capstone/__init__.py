"""The capstone: one assessment of the whole robot, driven by what a student has written."""
