"""The learned reader of commands: a sentence as tokens in, an instruction and how sure it is out."""
