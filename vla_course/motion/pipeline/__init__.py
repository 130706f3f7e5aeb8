"""From a policy's wish to a plan that is safe: `HumanoidVLAPipeline` and its parts."""
