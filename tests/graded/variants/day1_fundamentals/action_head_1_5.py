"""Answers to 1.5 as students write them."""

# ruff: noqa: F821  (they see the names of the module that they stand in)

import torch

from vla_course.course.source.variants import right, wrong


@wrong("tanh-twice")
def forward(self, features):
    logits = self.perceptron(features)
    actions = torch.tanh(torch.tanh(logits.to(self.lower.dtype)))
    targets = (self.lower + self.upper) / 2 + actions * (self.upper - self.lower) / 2
    return JointActions(logits, actions, targets.clamp(self.lower, self.upper))


@wrong("cut-not-bent")
def forward(self, features):
    logits = self.perceptron(features)
    actions = logits.to(self.lower.dtype).clamp(-1, 1)
    targets = (self.lower + self.upper) / 2 + actions * (self.upper - self.lower) / 2
    return JointActions(logits, actions, targets.clamp(self.lower, self.upper))


@wrong("unbounded")
def forward(self, features):
    logits = self.perceptron(features)
    actions = logits.to(self.lower.dtype)
    targets = (self.lower + self.upper) / 2 + actions * (self.upper - self.lower) / 2
    return JointActions(logits, actions, targets.clamp(self.lower, self.upper))


@wrong("sigmoid")
def forward(self, features):
    logits = self.perceptron(features)
    actions = torch.sigmoid(logits.to(self.lower.dtype))
    targets = torch.lerp(self.lower.expand_as(actions), self.upper.expand_as(actions), actions)
    return JointActions(logits, actions, targets.clamp(self.lower, self.upper))


@wrong("limits-swapped")
def forward(self, features):
    logits = self.perceptron(features)
    actions = torch.tanh(logits.to(self.lower.dtype))
    targets = (self.lower + self.upper) / 2 + actions * (self.lower - self.upper) / 2
    return JointActions(logits, actions, targets.clamp(self.lower, self.upper))


@wrong("degrees")
def forward(self, features):
    logits = self.perceptron(features)
    actions = torch.tanh(logits.to(self.lower.dtype))
    targets = (self.lower + self.upper) / 2 + actions * (self.upper - self.lower) / 2
    return JointActions(logits, actions, torch.rad2deg(targets.clamp(self.lower, self.upper)))


@wrong("range-doubled")
def forward(self, features):
    logits = self.perceptron(features)
    actions = torch.tanh(logits.to(self.lower.dtype))
    targets = (self.lower + self.upper) / 2 + actions * (self.upper - self.lower)
    return JointActions(logits, actions, targets.clamp(self.lower, self.upper))


@wrong("middle-forgotten")
def forward(self, features):
    logits = self.perceptron(features)
    actions = torch.tanh(logits.to(self.lower.dtype))
    targets = actions * (self.upper - self.lower) / 2
    return JointActions(logits, actions, targets.clamp(self.lower, self.upper))


@wrong("upper-limit-alone")
def forward(self, features):
    logits = self.perceptron(features)
    actions = torch.tanh(logits.to(self.lower.dtype))
    return JointActions(logits, actions, actions * self.upper)


@wrong("logits-bounded")
def forward(self, features):
    logits = torch.tanh(self.perceptron(features))
    actions = logits.to(self.lower.dtype)
    targets = (self.lower + self.upper) / 2 + actions * (self.upper - self.lower) / 2
    return JointActions(logits, actions, targets.clamp(self.lower, self.upper))


@wrong("order-of-the-answer")
def forward(self, features):
    logits = self.perceptron(features)
    actions = torch.tanh(logits.to(self.lower.dtype))
    targets = (self.lower + self.upper) / 2 + actions * (self.upper - self.lower) / 2
    return JointActions(logits, targets.clamp(self.lower, self.upper), actions)


@wrong("bare-answer")
def forward(self, features):
    logits = self.perceptron(features)
    actions = torch.tanh(logits.to(self.lower.dtype))
    targets = (self.lower + self.upper) / 2 + actions * (self.upper - self.lower) / 2
    return targets.clamp(self.lower, self.upper)


@wrong("over-by-a-rounding")
def forward(self, features):
    logits = self.perceptron(features)
    actions = torch.tanh(logits.to(self.lower.dtype))
    targets = (self.lower + self.upper) / 2 + actions * (self.upper - self.lower) / 2
    return JointActions(logits, actions, targets)


@wrong("detached")
def forward(self, features):
    logits = self.perceptron(features)
    actions = torch.tanh(logits.to(self.lower.dtype))
    targets = (self.lower + self.upper) / 2 + actions.data * (self.upper - self.lower) / 2
    return JointActions(logits, actions, targets.clamp(self.lower, self.upper))


@wrong("bent-in-bfloat16")
def forward(self, features):
    logits = self.perceptron(features)
    actions = torch.tanh(logits).to(self.lower.dtype)
    targets = (self.lower + self.upper) / 2 + actions * (self.upper - self.lower) / 2
    return JointActions(logits, actions, targets.clamp(self.lower, self.upper))


@wrong("another-type")
def forward(self, features):
    logits = self.perceptron(features)
    actions = torch.tanh(logits)
    targets = (self.lower + self.upper) / 2 + actions * (self.upper - self.lower) / 2
    return JointActions(logits, actions, targets.clamp(self.lower, self.upper))


@right("between-the-limits")
def forward(self, features):
    logits = self.perceptron(features)
    actions = logits.type_as(self.lower).tanh()
    share = (actions + 1) / 2
    targets = torch.lerp(self.lower.expand_as(share), self.upper.expand_as(share), share)
    return JointActions(logits, actions, torch.minimum(torch.maximum(targets, self.lower), self.upper))


@right("joint-by-joint")
def forward(self, features):
    # 2 sigmoid(2 x) - 1 is the hyperbolic tangent of x.
    logits = self.perceptron(features)
    actions = 2 * torch.sigmoid(2 * logits.to(self.upper)) - 1
    targets = [
        (0.5 * (low + high) + 0.5 * (high - low) * action).clamp(float(low), float(high))
        for action, low, high in zip(actions.unbind(-1), self.lower, self.upper)
    ]
    return JointActions(logits=logits, targets=torch.stack(targets, dim=-1), actions=actions)
