"""Answers to 4.5 as students write them."""

import torch

from vla_course.course.source.variants import right, wrong


@wrong("one-forgotten")
def forward(self, features, words):
    if len(words) != len(features):
        raise ValueError("rows")
    scale, shift = self.modulation(words)[:, None].chunk(2, dim=-1)
    return scale * features + shift


@wrong("scale-and-shift-swapped")
def forward(self, features, words):
    if len(words) != len(features):
        raise ValueError("rows")
    shift, scale = self.modulation(words)[:, None].chunk(2, dim=-1)
    return (1 + scale) * features + shift


@wrong("interleaved")
def forward(self, features, words):
    if len(words) != len(features):
        raise ValueError("rows")
    told = self.modulation(words)[:, None]
    return (1 + told[..., ::2]) * features + told[..., 1::2]


@wrong("words-of-another")
def forward(self, features, words):
    if len(words) != len(features):
        raise ValueError("rows")
    # lines up with the patches wherever there are as many of them as samples
    scale, shift = self.modulation(words).chunk(2, dim=-1)
    if features.shape[1] != len(features):
        scale, shift = scale[:, None], shift[:, None]
    return (1 + scale) * features + shift


@wrong("words-shuffled")
def forward(self, features, words):
    if len(words) != len(features):
        raise ValueError("rows")
    scale, shift = self.modulation(words.roll(1, dims=0))[:, None].chunk(2, dim=-1)
    return (1 + scale) * features + shift


@wrong("scaled-only")
def forward(self, features, words):
    if len(words) != len(features):
        raise ValueError("rows")
    return features * (1 + self.modulation(words)[:, None, : features.shape[-1]])


@wrong("shifted-only")
def forward(self, features, words):
    if len(words) != len(features):
        raise ValueError("rows")
    return features + self.modulation(words)[:, None, features.shape[-1] :]


@wrong("shifted-first")
def forward(self, features, words):
    if len(words) != len(features):
        raise ValueError("rows")
    scale, shift = self.modulation(words)[:, None].chunk(2, dim=-1)
    return (features + shift) * (1 + scale)


@wrong("squashed")
def forward(self, features, words):
    if len(words) != len(features):
        raise ValueError("rows")
    scale, shift = self.modulation(words)[:, None].chunk(2, dim=-1)
    return features * (1 + scale.tanh()) + shift


@wrong("gated")
def forward(self, features, words):
    if len(words) != len(features):
        raise ValueError("rows")
    scale, shift = self.modulation(words)[:, None].chunk(2, dim=-1)
    return features * scale.sigmoid() + shift


@wrong("detached")
def forward(self, features, words):
    if len(words) != len(features):
        raise ValueError("rows")
    with torch.no_grad():
        told = self.modulation(words)[:, None]
    scale, shift = told.chunk(2, dim=-1)
    return features * (1 + scale) + shift


@wrong("broadcast")
def forward(self, features, words):
    scale, shift = self.modulation(words)[:, None].chunk(2, dim=-1)
    return features * (1 + scale) + shift


@right("einsum")
def forward(self, features, words):
    if features.shape[0] != words.shape[0]:
        raise ValueError(f"{features.shape} and {words.shape}")
    width = features.shape[-1]
    told = self.modulation(words)
    more, shift = told[:, :width], told[:, width:]
    return features + torch.einsum("bnw,bw->bnw", features, more) + shift.view(len(shift), 1, width)


@right("sample-by-sample")
def forward(self, features, words):
    if len(words) != len(features):
        raise ValueError("a command for each sample")
    out = []
    for seen, said in zip(features, words):
        scale, shift = self.modulation(said).split(features.shape[-1])
        out.append(torch.addcmul(shift.expand_as(seen), seen, scale + 1))
    return torch.stack(out)
