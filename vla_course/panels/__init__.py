"""What a notebook shows: figures, 3-D replays and panels, all drawn from what a simulated robot really did."""
