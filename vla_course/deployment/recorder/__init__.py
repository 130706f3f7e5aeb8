"""The flight recorder: the last half minute, written when something happens, readable after a crash."""
