"""Answers to 1.6 as students write them."""

import torch

from vla_course.course.source.variants import right, wrong
from vla_course.learning.model.answers import TaskPlan

from .pooling import masked_mean


@wrong("logits-for-probabilities")
def forward(self, fused_tokens, mask):
    pooled = masked_mean(fused_tokens, mask)
    probabilities = self.task_classifier(pooled)
    plan = self.task_decoder(pooled)
    return TaskPlan(
        probabilities, plan.view(len(plan), self.config.max_task_sequence_length, self.config.vocab_size)
    )


@wrong("logarithms-for-probabilities")
def forward(self, fused_tokens, mask):
    pooled = masked_mean(fused_tokens, mask)
    probabilities = torch.log_softmax(self.task_classifier(pooled), dim=-1)
    plan = self.task_decoder(pooled)
    return TaskPlan(
        probabilities, plan.view(len(plan), self.config.max_task_sequence_length, self.config.vocab_size)
    )


@wrong("each-task-alone")
def forward(self, fused_tokens, mask):
    pooled = masked_mean(fused_tokens, mask)
    probabilities = torch.sigmoid(self.task_classifier(pooled))
    plan = self.task_decoder(pooled)
    return TaskPlan(
        probabilities, plan.view(len(plan), self.config.max_task_sequence_length, self.config.vocab_size)
    )


@wrong("shared-among-samples")
def forward(self, fused_tokens, mask):
    pooled = masked_mean(fused_tokens, mask)
    probabilities = torch.softmax(self.task_classifier(pooled), dim=0)
    plan = self.task_decoder(pooled)
    return TaskPlan(
        probabilities, plan.view(len(plan), self.config.max_task_sequence_length, self.config.vocab_size)
    )


@wrong("padding-counted")
def forward(self, fused_tokens, mask):
    pooled = fused_tokens.mean(dim=1)
    probabilities = self.task_classifier(pooled).softmax(dim=-1)
    plan = self.task_decoder(pooled)
    return TaskPlan(
        probabilities, plan.view(len(plan), self.config.max_task_sequence_length, self.config.vocab_size)
    )


@wrong("mask-inverted")
def forward(self, fused_tokens, mask):
    pooled = masked_mean(fused_tokens, ~mask)
    probabilities = self.task_classifier(pooled).softmax(dim=-1)
    plan = self.task_decoder(pooled)
    return TaskPlan(
        probabilities, plan.view(len(plan), self.config.max_task_sequence_length, self.config.vocab_size)
    )


@wrong("first-token-only")
def forward(self, fused_tokens, mask):
    pooled = fused_tokens[:, 0]
    probabilities = self.task_classifier(pooled).softmax(dim=-1)
    plan = self.task_decoder(pooled)
    return TaskPlan(
        probabilities, plan.view(len(plan), self.config.max_task_sequence_length, self.config.vocab_size)
    )


@wrong("not-in-steps")
def forward(self, fused_tokens, mask):
    pooled = masked_mean(fused_tokens, mask)
    probabilities = self.task_classifier(pooled).softmax(dim=-1)
    plan = self.task_decoder(pooled)
    return TaskPlan(probabilities, plan)


@wrong("words-before-steps")
def forward(self, fused_tokens, mask):
    pooled = masked_mean(fused_tokens, mask)
    probabilities = self.task_classifier(pooled).softmax(dim=-1)
    plan = self.task_decoder(pooled)
    return TaskPlan(
        probabilities, plan.view(-1, self.config.vocab_size, self.config.max_task_sequence_length)
    )


@wrong("word-after-word")
def forward(self, fused_tokens, mask):
    pooled = masked_mean(fused_tokens, mask)
    probabilities = self.task_classifier(pooled).softmax(dim=-1)
    plan = self.task_decoder(pooled)
    return TaskPlan(
        probabilities,
        plan.view(-1, self.config.vocab_size, self.config.max_task_sequence_length).transpose(1, 2),
    )


@wrong("plan-of-probabilities")
def forward(self, fused_tokens, mask):
    pooled = masked_mean(fused_tokens, mask)
    probabilities = self.task_classifier(pooled).softmax(dim=-1)
    plan = self.task_decoder(pooled)
    return TaskPlan(
        probabilities,
        plan.view(-1, self.config.max_task_sequence_length, self.config.vocab_size).softmax(dim=-1),
    )


@wrong("detached")
def forward(self, fused_tokens, mask):
    pooled = masked_mean(fused_tokens, mask)
    probabilities = self.task_classifier(pooled).softmax(dim=-1)
    plan = self.task_decoder(pooled.detach())
    return TaskPlan(
        probabilities, plan.view(len(plan), self.config.max_task_sequence_length, self.config.vocab_size)
    )


@wrong("too-large-to-exponentiate")
def forward(self, fused_tokens, mask):
    pooled = masked_mean(fused_tokens, mask)
    weights = torch.exp(self.task_classifier(pooled))
    probabilities = weights / weights.sum(dim=-1, keepdim=True)
    plan = self.task_decoder(pooled)
    return TaskPlan(
        probabilities, plan.view(len(plan), self.config.max_task_sequence_length, self.config.vocab_size)
    )


@wrong("logits-cut")
def forward(self, fused_tokens, mask):
    pooled = masked_mean(fused_tokens, mask)
    probabilities = self.task_classifier(pooled).clamp(-30, 30).softmax(dim=-1)
    plan = self.task_decoder(pooled)
    return TaskPlan(
        probabilities, plan.view(len(plan), self.config.max_task_sequence_length, self.config.vocab_size)
    )


@wrong("another-type")
def forward(self, fused_tokens, mask):
    pooled = masked_mean(fused_tokens, mask)
    probabilities = self.task_classifier(pooled).float().softmax(dim=-1)
    plan = self.task_decoder(pooled)
    return TaskPlan(
        probabilities, plan.view(len(plan), self.config.max_task_sequence_length, self.config.vocab_size)
    )


@right("softmax-by-hand")
def forward(self, fused_tokens, mask):
    pooled = masked_mean(fused_tokens, mask)
    logits = self.task_classifier(pooled)
    scores = torch.exp(logits - logits.amax(dim=-1, keepdim=True))
    shares = scores / scores.sum(dim=-1, keepdim=True)
    steps = self.task_decoder(pooled).chunk(self.config.max_task_sequence_length, dim=-1)
    return TaskPlan(shares, torch.stack(steps, dim=1))


@right("each-sample-by-itself")
def forward(self, fused_tokens, mask):
    tasks, plans = [], []
    for tokens, there in zip(fused_tokens, mask.bool()):
        vector = tokens[there].mean(dim=0)
        logits = self.task_classifier(vector)
        tasks.append(torch.exp(logits - torch.logsumexp(logits, dim=0)))
        plans.append(self.task_decoder(vector).unflatten(0, (-1, self.config.vocab_size)))
    return TaskPlan(torch.stack(tasks), torch.stack(plans))
