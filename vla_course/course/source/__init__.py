"""Exercise files as text: where answers lie, stubs made from them, no line of them leaked."""
