"""How everything is drawn: one style, records of runs as figures, filmstrips and 3-D replays."""
