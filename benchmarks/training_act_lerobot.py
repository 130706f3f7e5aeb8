"""LeRobot's ACT trained on arrays of `training_act.py`: for an interpreter that has LeRobot 0.4.4, not the course's.

python training_act_lerobot.py LESSON.npz OUT.pt SECONDS SEED

The architecture is LeRobot's: its loss, its variational encoder, mean and deviation to normalise, and the optimiser of
its preset. Three numbers of the preset are others, for a clock of minutes on a processor, on which its own (width 512,
3200 in the feed-forward layers, a rate of 1e-5 and batches of 8) does not get anywhere: WIDTH, RATE and BATCH. What is
kept is TorchScript, which any torch can run: from numbers in units to a chunk of actions in units.
"""

import json
import sys
import time

import numpy as np
import torch
from lerobot.configs.types import FeatureType, PolicyFeature
from lerobot.policies.act.configuration_act import ACTConfig
from lerobot.policies.act.modeling_act import ACTPolicy

WIDTH, RATE, BATCH = 256, 3e-4, 64
STATE, AROUND, ACTION = "observation.state", "observation.environment_state", "action"


class InUnits(torch.nn.Module):
    """From state and surroundings (B, n) in units to actions (B, H, A) in units."""

    def __init__(self, policy, scales):
        super().__init__()
        self.model = policy.model
        for name, (mean, std) in scales.items():
            for what, value in (("mean", mean), ("std", std)):
                self.register_buffer(f"{name.replace('.', '_')}_{what}", torch.from_numpy(value))

    def forward(self, state, around):
        """Return actions."""
        batch = {
            STATE: (state - self.observation_state_mean) / self.observation_state_std,
            AROUND: (around - self.observation_environment_state_mean)
            / self.observation_environment_state_std,
        }
        return self.model(batch)[0] * self.action_std + self.action_mean


def scale_of(values):
    """Return mean and deviation (n,) of (..., n); as LeRobot has it, what does not move is divided by 1e-8 and is 0."""
    rows = values.reshape(-1, values.shape[-1])
    return rows.mean(axis=0), rows.std(axis=0) + np.float32(1e-8)


def main():
    lesson, out, seconds, seed = np.load(sys.argv[1]), sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    known = {STATE: lesson["state"], AROUND: lesson["around"], ACTION: lesson["actions"]}
    own, rng = lesson["own"], np.random.default_rng(seed)
    scales = {name: scale_of(known[ACTION][own] if name == ACTION else known[name]) for name in known}
    horizon = known[ACTION].shape[1]
    kinds = {STATE: FeatureType.STATE, AROUND: FeatureType.ENV, ACTION: FeatureType.ACTION}
    features = {name: PolicyFeature(kinds[name], (known[name].shape[-1],)) for name in known}
    config = ACTConfig(
        input_features={name: features[name] for name in (STATE, AROUND)},
        output_features={ACTION: features[ACTION]},
        chunk_size=horizon,
        n_action_steps=horizon,
        dim_model=WIDTH,
        dim_feedforward=4 * WIDTH,
        optimizer_lr=RATE,
        device="cpu",
    )
    policy = ACTPolicy(config).train()
    optimiser = config.get_optimizer_preset().build(policy.parameters())
    clip = config.get_optimizer_preset().grad_clip_norm
    steps, losses, begin = 0, [], time.process_time()
    while time.process_time() - begin < seconds:
        rows = rng.integers(0, len(own), BATCH)
        batch = {
            name: torch.from_numpy((known[name][rows] - mean) / std) for name, (mean, std) in scales.items()
        }
        batch["action_is_pad"] = torch.from_numpy(~own[rows])
        loss, parts = policy(batch)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(policy.parameters(), clip)
        optimiser.step()
        losses.append(parts["l1_loss"])
        steps += 1
        if steps % 500 == 0:
            print(f"step {steps}: {np.mean(losses[-500:]):.4f}", file=sys.stderr, flush=True)
    whole = InUnits(policy.eval(), scales).eval()
    example = [torch.from_numpy(known[name][:1]) for name in (STATE, AROUND)]
    with torch.no_grad():
        torch.jit.trace(whole, example).save(out)
    size = sum(part.numel() for part in policy.parameters())
    print(json.dumps({"parameters": size, "steps": steps, "loss": float(np.mean(losses[-500:]))}))


if __name__ == "__main__":
    main()
