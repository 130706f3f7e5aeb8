"""A sentence, and the whole robot: policy, plan, safety, balance and physics in one call, with what is left of it."""
