"""The planned way of acting: words and pixels name what to do and where, the stack of Day 3 moves."""
