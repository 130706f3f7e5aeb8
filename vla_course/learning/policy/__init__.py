"""The direct way of acting: a network from command, place and state to chunks of actions, not trained yet."""
