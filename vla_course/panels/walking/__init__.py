"""Pictures and panels of walking: steps, ground, preview, the footstep map."""
