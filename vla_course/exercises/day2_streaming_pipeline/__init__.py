"""Day 2: a streaming pipeline - packets, queues, chunks of actions in real time, and what to do if something fails."""
