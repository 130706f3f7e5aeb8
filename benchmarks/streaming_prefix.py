"""Does the network that ships heed what it is told it has committed itself to?

python benchmarks/streaming_prefix.py [--json]

On the demonstrations that ship: the error of the first action behind a prefix of 1 to 4 actions, with the prefix and
without; and how much of a displacement of the prefix, by a tenth of each number's range at random, the first action
behind it takes over: 1 where the robot would go on from where it is pushed, 0 where the prefix is ignored.
"""

from pathlib import Path

import numpy as np
import torch
from report import Figure, arguments, report

from vla_course.learning.demonstrations.reader import Demonstrations
from vla_course.learning.policy.files import load_policy
from vla_course.learning.training.examples import examples_of
from vla_course.learning.training.learner import batch_of

SHIPPED = Path(__file__).parents[1] / "data" / "demonstrations"
DISPLACED = 0.1
"""-, standard deviation, of a range of 2"""


@torch.no_grad()
def main() -> None:
    chosen = arguments(__doc__ or "")
    network, demonstrations = load_policy(), Demonstrations(SHIPPED)
    examples = examples_of(demonstrations, range(len(demonstrations.episodes)), network.config.horizon)
    rows = np.arange(0, len(examples), 8 if chosen.quick else 1)
    batch = batch_of(examples, rows, network, None)
    target, own = network.normal(batch["chunks"]), batch["own"]
    draws = torch.Generator().manual_seed(chosen.seed)
    figures = []

    def said(committed: torch.Tensor, given: int) -> torch.Tensor:
        answer: torch.Tensor = network(
            {**batch, "committed": committed, "given": torch.full((len(rows),), given)}
        )
        return answer

    for given in range(1, network.config.committed + 1):
        counts, n = own[:, given], int(own[:, given].sum())
        free, bound = said(target, 0), said(target, given)
        for name, answer in (("with", bound), ("without", free)):
            error = (answer - target).abs()[:, given][counts].mean()
            figures.append(Figure(f"error behind {given} actions, {name} them", float(error), "", n=n))
        shift = DISPLACED * torch.randn(len(rows), 1, target.shape[2], generator=draws)
        moved = (said(target + shift, given) - bound)[:, given]
        taken = (moved * shift[:, 0]).sum() / (shift**2).sum()
        figures.append(
            Figure(f"of a displacement of {given} actions it takes over", float(taken), "", n=len(rows))
        )
    report("streaming_prefix", figures, chosen)


if __name__ == "__main__":
    main()
