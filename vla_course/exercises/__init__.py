"""The student's desk. Whose answers run is decided by `VLA_COURSE_EXERCISES`.

Unset: the files in this folder; `solutions`: the reference answers; a folder: a submission. Importers say
`from vla_course.exercises.day3_humanoid_balance.zmp import ...` whatever the choice.
"""

import os
import sys

import vla_course.course.helping.waiting  # an exercise that waits says what there is to write
from vla_course.course.root import ISOLATE_VARIABLE, CourseRoot

if "IPython" in sys.modules:  # an exercise that waits is shown as a card
    import vla_course.course.showing.card

__path__ = [str(CourseRoot.current().desk())]

if os.environ.get(ISOLATE_VARIABLE):
    from vla_course.course import isolation

    isolation.install()
