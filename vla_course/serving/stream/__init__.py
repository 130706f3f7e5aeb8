"""A stream of packets in, a stream of responses out: one each, in order, in time, whatever comes."""
