"""What am I asked for, and which steps does that take?"""

from torch import Tensor, nn

from vla_course.course.exercise import NotAttempted, exercise
from vla_course.learning.model.answers import TaskPlan
from vla_course.learning.model.vla_config import END, VLAConfig

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

        1. Pool the fused tokens (batch, t, hidden) that are there (`mask` (batch, t)) to one vector: `masked_mean`.
        2. `task_classifier` makes the tasks' logits of it. Make probabilities of these: none below 0, adding up to
           1, finite however large a logit is. (That makes them comparable; whether they are calibrated is for a
           measurement to say: Guo et al. 2017.)
        3. `task_decoder` makes steps x words numbers of it, step after step: `config.max_task_sequence_length`
           steps of `config.vocab_size` words each. These stay logits.

        The answer is a `TaskPlan`, both parts of the type of the tokens.
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
