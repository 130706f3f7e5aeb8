"""Points for numbers, by what the reference reaches in the same scenes."""
