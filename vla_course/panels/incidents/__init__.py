"""What came of it when something went wrong: recordings, clocks, links."""
