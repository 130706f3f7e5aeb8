"""Serving a policy: a stream of pictures and words in, actions out, in time, whatever fails on the way."""
