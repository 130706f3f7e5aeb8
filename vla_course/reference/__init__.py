"""The reference answers as a package: `solutions/`, or their compiled form in the student edition.

Frame code imports from here, and only where it runs, so that the humanoid stands for a student who has solved
nothing.
"""

from vla_course.course.root import CourseRoot

__path__ = [str(CourseRoot.current().reference)]
