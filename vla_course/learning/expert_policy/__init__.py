"""The expert as a policy: asked anew at every decision, from any state, without a memory of its own."""
