"""From a policy's command to a plan that is safe: `HumanoidVLAPipeline` and its parts."""
