"""What am I asked for, and which steps does that take?"""

from torch import Tensor, nn

from vla_course.course.exercise import NotAttempted, exercise
from vla_course.learning.answers import TaskPlan
from vla_course.learning.vla_config import END, VLAConfig

from .pooling import masked_mean


class TaskPlanningHead(nn.Module):
    """Names the task, and writes a plan for it, a word a step."""

    def __init__(self, config: VLAConfig) -> None:
        super().__init__()
        self.config = config
        self.task_classifier = nn.Linear(config.hidden_size, config.num_tasks)
        self.task_decoder = nn.Sequential(
            nn.Linear(config.hidden_size, config.hidden_size),
            nn.GELU(),
            nn.Linear(config.hidden_size, config.max_task_sequence_length * config.vocab_size),
        )

    @exercise("1.6")
    def forward(self, fused_tokens: Tensor, mask: Tensor) -> TaskPlan:
        """Return the task's probabilities (batch, tasks) and the plan's logits (batch, steps, words).

        The fused tokens (batch, t, hidden) that are there (`mask` (batch, t)) are pooled to one vector
        (`masked_mean`), and both layers read it: `task_classifier` the logits of the tasks, of which
        probabilities are to be made - none below 0, adding up to 1, finite however large a logit is;
        `task_decoder` a row of steps x words numbers, `config.max_task_sequence_length` steps of
        `config.vocab_size` words each, step after step.
        """
        # BEGIN SOLUTION
        pooled = masked_mean(fused_tokens, mask)
        probabilities = self.task_classifier(pooled).softmax(dim=-1)
        steps = self.config.max_task_sequence_length
        sequence = self.task_decoder(pooled).view(-1, steps, self.config.vocab_size)
        return TaskPlan(probabilities, sequence)
        # END SOLUTION

    def decode(self, plan: TaskPlan) -> list[list[str]]:
        """Return the likeliest steps of each plan by name, up to its first end."""
        plans = []
        for row in plan.task_sequence.argmax(dim=-1).tolist():
            steps = [self.config.plan_steps[word] for word in row]
            plans.append(steps[: steps.index(END)] if END in steps else steps)
        return plans
