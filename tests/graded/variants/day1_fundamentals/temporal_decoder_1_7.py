"""Answers to 1.7 as students write them."""

import torch

from vla_course.course.source.variants import right, wrong


@wrong("same-for-all-steps")
def forward(self, tokens, mask, sequence_length):
    if sequence_length <= 0:
        raise ValueError(f"sequence_length is {sequence_length}, expected at least 1")
    there = mask.unsqueeze(-1).to(tokens)
    pooled = (tokens * there).sum(dim=1) / there.sum(dim=1)
    steps = pooled.unsqueeze(1).repeat(1, sequence_length, 1)
    if self.kind == "lstm":
        outputs, _ = self.memory(steps)
        return outputs + steps
    return self.memory(steps, causal=True)


@wrong("question-forgotten")
def forward(self, tokens, mask, sequence_length):
    if sequence_length <= 0:
        raise ValueError(f"sequence_length is {sequence_length}, expected at least 1")
    queries = self.step_queries(sequence_length).unsqueeze(0).repeat(len(tokens), 1, 1)
    steps = self.read(queries, tokens, mask)
    if self.kind == "lstm":
        outputs, _ = self.memory(steps)
        return outputs + steps
    return self.memory(steps, causal=True)


@wrong("nothing-read")
def forward(self, tokens, mask, sequence_length):
    if sequence_length <= 0:
        raise ValueError(f"sequence_length is {sequence_length}, expected at least 1")
    queries = self.step_queries(sequence_length).unsqueeze(0).repeat(len(tokens), 1, 1)
    steps = queries
    if self.kind == "lstm":
        outputs, _ = self.memory(steps)
        return outputs + steps
    return self.memory(steps, causal=True)


@wrong("padding-read")
def forward(self, tokens, mask, sequence_length):
    if sequence_length <= 0:
        raise ValueError(f"sequence_length is {sequence_length}, expected at least 1")
    queries = self.step_queries(sequence_length).unsqueeze(0).repeat(len(tokens), 1, 1)
    steps = queries + self.read(queries, tokens)
    if self.kind == "lstm":
        outputs, _ = self.memory(steps)
        return outputs + steps
    return self.memory(steps, causal=True)


@wrong("outputs-alone")
def forward(self, tokens, mask, sequence_length):
    if sequence_length <= 0:
        raise ValueError(f"sequence_length is {sequence_length}, expected at least 1")
    queries = self.step_queries(sequence_length).unsqueeze(0).repeat(len(tokens), 1, 1)
    steps = queries + self.read(queries, tokens, mask)
    if self.kind == "lstm":
        outputs, _ = self.memory(steps)
        return outputs
    return self.memory(steps, causal=True)


@wrong("last-output-for-all")
def forward(self, tokens, mask, sequence_length):
    if sequence_length <= 0:
        raise ValueError(f"sequence_length is {sequence_length}, expected at least 1")
    queries = self.step_queries(sequence_length).unsqueeze(0).repeat(len(tokens), 1, 1)
    steps = queries + self.read(queries, tokens, mask)
    if self.kind == "lstm":
        _, (last, _) = self.memory(steps)
        return steps + last[-1].unsqueeze(1)
    return self.memory(steps, causal=True)


@wrong("steps-alone")
def forward(self, tokens, mask, sequence_length):
    if sequence_length <= 0:
        raise ValueError(f"sequence_length is {sequence_length}, expected at least 1")
    queries = self.step_queries(sequence_length).unsqueeze(0).repeat(len(tokens), 1, 1)
    steps = queries + self.read(queries, tokens, mask)
    if self.kind == "lstm":
        return steps
    return steps


@wrong("looks-ahead")
def forward(self, tokens, mask, sequence_length):
    if sequence_length <= 0:
        raise ValueError(f"sequence_length is {sequence_length}, expected at least 1")
    queries = self.step_queries(sequence_length).unsqueeze(0).repeat(len(tokens), 1, 1)
    steps = queries + self.read(queries, tokens, mask)
    if self.kind == "lstm":
        outputs, _ = self.memory(steps)
        return outputs + steps
    return self.memory(steps)


@wrong("added-twice")
def forward(self, tokens, mask, sequence_length):
    if sequence_length <= 0:
        raise ValueError(f"sequence_length is {sequence_length}, expected at least 1")
    queries = self.step_queries(sequence_length).unsqueeze(0).repeat(len(tokens), 1, 1)
    steps = queries + self.read(queries, tokens, mask)
    if self.kind == "lstm":
        outputs, _ = self.memory(steps)
        return outputs + steps
    return steps + self.memory(steps, causal=True)


@wrong("no-steps-accepted")
def forward(self, tokens, mask, sequence_length):
    sequence_length = max(sequence_length, 1)
    queries = self.step_queries(sequence_length).unsqueeze(0).repeat(len(tokens), 1, 1)
    steps = queries + self.read(queries, tokens, mask)
    if self.kind == "lstm":
        outputs, _ = self.memory(steps)
        return outputs + steps
    return self.memory(steps, causal=True)


@wrong("detached")
def forward(self, tokens, mask, sequence_length):
    if sequence_length <= 0:
        raise ValueError(f"sequence_length is {sequence_length}, expected at least 1")
    queries = self.step_queries(sequence_length).unsqueeze(0).repeat(len(tokens), 1, 1)
    steps = queries + self.read(queries, tokens.detach(), mask)
    if self.kind == "lstm":
        outputs, _ = self.memory(steps)
        return outputs + steps
    return self.memory(steps, causal=True)


@wrong("state-kept")
def forward(self, tokens, mask, sequence_length):
    if sequence_length <= 0:
        raise ValueError(f"sequence_length is {sequence_length}, expected at least 1")
    queries = self.step_queries(sequence_length).unsqueeze(0).repeat(len(tokens), 1, 1)
    steps = queries + self.read(queries, tokens, mask)
    if self.kind == "lstm":
        outputs, state = self.memory(steps, getattr(self, "state", None))
        self.state = tuple(part.detach() for part in state)
        return outputs + steps
    return self.memory(steps, causal=True)


@wrong("questions-kept")
def forward(self, tokens, mask, sequence_length):
    if sequence_length <= 0:
        raise ValueError(f"sequence_length is {sequence_length}, expected at least 1")
    if not hasattr(self, "known"):
        self.known = {}
    if sequence_length not in self.known:
        self.known[sequence_length] = self.step_queries(sequence_length)
    queries = self.known[sequence_length].to(tokens.dtype).unsqueeze(0).repeat(len(tokens), 1, 1)
    steps = queries + self.read(queries, tokens, mask)
    if self.kind == "lstm":
        outputs, _ = self.memory(steps)
        return outputs + steps
    return self.memory(steps, causal=True)


@wrong("questions-detached")
def forward(self, tokens, mask, sequence_length):
    if sequence_length <= 0:
        raise ValueError(f"sequence_length is {sequence_length}, expected at least 1")
    queries = self.step_queries(sequence_length).detach().unsqueeze(0).repeat(len(tokens), 1, 1)
    steps = queries + self.read(queries, tokens, mask)
    if self.kind == "lstm":
        outputs, _ = self.memory(steps)
        return outputs + steps
    return self.memory(steps, causal=True)


@right("a-step-after-the-other")
def forward(self, tokens, mask, sequence_length):
    if sequence_length <= 0:
        raise ValueError(f"sequence_length is {sequence_length}, expected at least 1")
    features, state, steps = [], None, []
    for question in self.step_queries(sequence_length):
        asked = question.expand(len(tokens), 1, -1)
        steps.append(asked + self.read(asked, tokens, mask))
        if self.kind == "lstm":
            output, state = self.memory(steps[-1], state)
            features.append(steps[-1] + output)
        else:
            features.append(self.memory(torch.cat(steps, dim=1), causal=True)[:, -1:])
    return torch.cat(features, dim=1)


@right("a-sample-after-the-other")
def forward(self, tokens, mask, sequence_length):
    if not sequence_length >= 1:
        raise ValueError("at least one step, please")
    questions = self.step_queries(sequence_length)[None]
    read = [self.read(questions, row[there][None], None) for row, there in zip(tokens, mask)]
    steps = torch.add(torch.cat(read), questions)
    match self.kind:
        case "lstm":
            return self.memory(steps)[0].add(steps)
        case _:
            return self.memory(steps, mask=None, causal=True)
