"""The expert: carries out any task with the planners and controllers of Day 3, and knows all of the scene.

expert = Expert(task, stage)
for doing in expert.perform():
    task.observe(stage)
"""

from vla_course.learning.expert.performer import Performer
from vla_course.learning.expert.scene_knowledge import TrueKnowledge
from vla_course.simulation.tasks.stage import Stage
from vla_course.simulation.tasks.tasks import Task


class Expert(Performer):
    """A robot that carries out `task` on `stage` and knows all of it."""

    def __init__(self, task: Task, stage: Stage) -> None:
        super().__init__(task.parts, stage.humanoid, TrueKnowledge(stage))
