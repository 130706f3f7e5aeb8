"""Answers to 1.2 as students write them."""

# ruff: noqa: F821  (they see the names of the module that they stand in)

import torch

from vla_course.course.source.variants import right, wrong


@wrong("padding-counts")
def masked_mean(tokens, mask):
    return tokens.mean(dim=1)


@wrong("divided-by-the-length")
def masked_mean(tokens, mask):
    there = mask.bool().unsqueeze(-1)
    return tokens.masked_fill(~there, 0.0).mean(dim=1)


@wrong("not-divided")
def masked_mean(tokens, mask):
    there = mask.bool().unsqueeze(-1)
    return tokens.masked_fill(~there, 0.0).sum(dim=1)


@wrong("mask-inverted")
def masked_mean(tokens, mask):
    # torch's own attention layers take a mask that is true where padding is.
    padding = mask.bool().unsqueeze(-1)
    total = tokens.masked_fill(padding, 0.0).sum(dim=1)
    return total / (~padding).sum(dim=1).clamp(min=1)


@wrong("one-mean-for-all")
def masked_mean(tokens, mask):
    return tokens[mask.bool()].mean(dim=0).expand(len(tokens), -1)


@wrong("divided-by-the-batch")
def masked_mean(tokens, mask):
    there = mask.bool().unsqueeze(-1)
    return tokens.masked_fill(~there, 0.0).sum(dim=1) / there.sum().clamp(min=1)


@wrong("first-token")
def masked_mean(tokens, mask):
    return tokens[:, 0]


@wrong("padding-multiplied")
def masked_mean(tokens, mask):
    there = mask.to(tokens.dtype).unsqueeze(-1)
    return (tokens * there).sum(dim=1) / there.sum(dim=1).clamp(min=1)


@wrong("empty-row-divided")
def masked_mean(tokens, mask):
    there = mask.bool().unsqueeze(-1)
    return tokens.masked_fill(~there, 0.0).sum(dim=1) / there.sum(dim=1)


@wrong("another-type")
def masked_mean(tokens, mask):
    there = mask.bool().unsqueeze(-1)
    total = tokens.masked_fill(~there, 0.0).sum(dim=1)
    return total / there.float().sum(dim=1).clamp(min=1)


@wrong("tokens-changed")
def masked_mean(tokens, mask):
    tokens[mask == 0] = 0
    return tokens.sum(dim=1) / (mask != 0).sum(dim=1, keepdim=True).clamp(min=1)


@wrong("detached")
def masked_mean(tokens, mask):
    there = mask.bool().unsqueeze(-1)
    total = tokens.detach().masked_fill(~there, 0.0).sum(dim=1)
    return total / there.sum(dim=1).clamp(min=1)


@wrong("nan-hidden")
def masked_mean(tokens, mask):
    there = mask.bool().unsqueeze(-1)
    return tokens.masked_fill(~there, torch.nan).nanmean(dim=1).nan_to_num(0.0)


@wrong("float32-inside")
def masked_mean(tokens, mask):
    there = mask.bool().unsqueeze(-1)
    total = tokens.float().masked_fill(~there, 0.0).sum(dim=1)
    return (total / there.sum(dim=1).clamp(min=1)).to(tokens.dtype)


@wrong("padding-at-the-end")
def masked_mean(tokens, mask):
    lengths = mask.long().sum(dim=1).tolist()
    return torch.stack([row[:n].sum(dim=0) / max(n, 1) for row, n in zip(tokens, lengths)])


@right("row-by-row")
def masked_mean(tokens, mask):
    rows = [row[there] for row, there in zip(tokens, mask.bool())]
    return torch.stack([row.mean(0) if len(row) else tokens.new_zeros(tokens.shape[-1]) for row in rows])


@right("weights")
def masked_mean(tokens, mask):
    # A weight for each token, all of a row adding up to one; where there is none nothing may be multiplied.
    weights = torch.nn.functional.normalize(mask.to(tokens.dtype), p=1, dim=1)
    kept = torch.where(mask.bool()[:, :, None], tokens, torch.zeros_like(tokens))
    return torch.einsum("bt,btw->bw", weights, kept)


@right("scattered")
def masked_mean(tokens, mask):
    which, where = mask.nonzero(as_tuple=True)
    total = tokens.new_zeros(len(tokens), tokens.shape[2]).index_add(0, which, tokens[which, where])
    return total / torch.bincount(which, minlength=len(tokens)).clamp(1)[:, None]


@right("matrix-product")
def masked_mean(tokens, mask):
    shares = mask.to(tokens.dtype)
    shares = shares / shares.sum(dim=1, keepdim=True).clamp(min=1)
    kept = tokens.masked_fill(mask.logical_not().unsqueeze(-1), 0)
    return torch.bmm(shares.unsqueeze(1), kept).squeeze(1)
