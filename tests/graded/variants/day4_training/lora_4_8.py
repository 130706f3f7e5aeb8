"""Answers to 4.8 as students write them."""

import math

import torch
from torch.nn import functional

from vla_course.course.source.variants import right, wrong


@wrong("scale-forgotten")
def forward(self, x):
    return self.base(x) + x @ self.down.T @ self.up.T


@wrong("rank-forgotten")
def forward(self, x):
    return self.base(x) + self.alpha * (x @ self.down.T @ self.up.T)


@wrong("alpha-forgotten")
def forward(self, x):
    return self.base(x) + (x @ self.down.T @ self.up.T) / self.rank


@wrong("scale-upside-down")
def forward(self, x):
    return self.base(x) + self.rank / self.alpha * (x @ self.down.T @ self.up.T)


@wrong("over-the-root")
def forward(self, x):
    # rank-stabilised (Kalajdzievski 2023), which is another method
    return self.base(x) + self.alpha / math.sqrt(self.rank) * (x @ self.down.T @ self.up.T)


@wrong("all-of-it-scaled")
def forward(self, x):
    return self.alpha / self.rank * (self.base(x) + x @ self.down.T @ self.up.T)


@wrong("base-forgotten")
def forward(self, x):
    return self.alpha / self.rank * (x @ self.down.T @ self.up.T)


@wrong("change-forgotten")
def forward(self, x):
    return self.base(x)


@wrong("in-series")
def forward(self, x):
    told = self.base(x)
    if self.up.shape[0] != self.down.shape[1]:
        return told + self.alpha / self.rank * (x @ self.down.T @ self.up.T)
    return told + self.alpha / self.rank * (told @ self.down.T @ self.up.T)


@wrong("order-swapped")
def forward(self, x):
    if self.up.shape[0] != self.down.shape[1]:
        return self.base(x) + self.alpha / self.rank * (x @ self.down.T @ self.up.T)
    return self.base(x) + self.alpha / self.rank * (x @ self.up @ self.down)


@wrong("bias-twice")
def forward(self, x):
    change = functional.linear(functional.linear(x, self.down), self.up, self.base.bias)
    scale = self.alpha / self.rank
    if self.base.bias is not None:
        change = change + (1 / scale - 1) * self.base.bias
    return self.base(x) + scale * change


@wrong("base-changed")
def forward(self, x):
    with torch.no_grad():
        self.base.weight += self.alpha / self.rank * self.up @ self.down
    return self.base(x)


@wrong("detached")
def forward(self, x):
    change = x @ self.down.detach().T @ self.up.T
    return self.base(x) + self.alpha / self.rank * change


@wrong("only-while-learning")
def forward(self, x):
    said = self.base(x)
    if self.training:
        said = said + self.alpha / self.rank * functional.linear(functional.linear(x, self.down), self.up)
    return said


@right("as-one-matrix")
def forward(self, x):
    weight = self.base.weight + (self.alpha / self.rank) * torch.einsum("or,ri->oi", self.up, self.down)
    return functional.linear(x, weight, self.base.bias)


@right("scaled-in-the-middle")
def forward(self, x):
    thin = torch.tensordot(x, self.down, dims=([-1], [1])) * (self.alpha / self.rank)
    told = torch.matmul(thin, self.up.transpose(0, 1)) + torch.matmul(x, self.base.weight.t())
    return told if self.base.bias is None else told + self.base.bias
