"""Held-out loss: the training objective on tokens that training never saw, always with the same negatives."""

import numpy as np

from w2v.corpus.encoded_corpus import EncodedCorpus
from w2v.jit import jit
from w2v.training.held_out_lines import held_out_text
from w2v.training.kernel.random import stream_key
from w2v.training.kernel.span import draw_negatives
from w2v.training.kernel.subsampling import DRAWN, Text, draw_partners, subsample
from w2v.training.model import Model
from w2v.training.plan import Plan

_HELD_OUT = 4  # the purpose of a random stream, see `stream_key`
_MOST_TOKENS = 1 << 18  # of few long lines, from which `held_out_text` may give more


def held_out_loss(corpus: EncodedCorpus, model: Model, plan: Plan) -> float:
    """Mean over (center, context) pairs of -log s(positive) - sum log s(-negative), float64.

    Taken on at most 2**18 tokens, spread evenly over what is held out, in stretches of 4,096.
    """
    tokens, sentence_offsets = held_out_text(corpus.tokens, corpus.sentence_offsets, plan.held_out)
    n_tokens, stretch = len(tokens), 4096
    n_stretches = max(1, min(-(-n_tokens // stretch), _MOST_TOKENS // stretch))
    kept = np.zeros(stretch + 2 * plan.window, np.int32)
    lower, upper = np.zeros_like(kept), np.zeros_like(kept)
    contexts = np.zeros(2 * plan.window + 1, np.intp)
    total, n_pairs = 0.0, 0
    for i in range(n_stretches):
        start = (n_tokens - min(stretch, n_tokens)) * i // max(1, n_stretches - 1)
        key = np.uint64(stream_key(_HELD_OUT, i))
        text = Text(tokens, sentence_offsets, plan.keep, key)
        end = min(start + stretch, n_tokens)
        windows = subsample(text, start, end, plan.window, plan.fixed_window, plan.session, kept, lower, upper)
        loss, pairs = _plain_loss(
            text,
            start,
            windows,
            plan.window,
            contexts,
            plan.alias,
            np.float32(plan.config.logit_bias),
            model.inputs,
            model.outputs,
            model.dim,
            model.stride,
            plan.negatives,
        )
        total, n_pairs = total + loss, n_pairs + pairs
    return total / n_pairs if n_pairs else float("nan")


@jit(fastmath={"reassoc", "contract"})
def _plain_loss(  # type: ignore[no-untyped-def]
    text, start, windows, window, contexts, alias, bias, inputs, outputs, dim, stride, n_negatives
):  # fmt: skip
    """Sum of the loss and number of pairs for the centers of `windows`; changes nothing."""
    negatives = np.zeros(n_negatives, np.intp)
    kept, first, last, begin, end, _ = windows
    state = text.key
    total, n_pairs = 0.0, 0
    for i in range(begin, end):
        center = np.intp(kept[i]) * stride
        state = draw_negatives(state, alias, stride, negatives, 0, n_negatives)
        m = 0
        if last[i] == DRAWN:
            m = draw_partners(text, start + first[i], window, stride, contexts)
        else:
            for c in range(first[i], last[i] + 1):
                contexts[m] = np.intp(kept[c]) * stride
                m += c != i
        n_pairs += m
        for row in contexts[:m]:
            for k in range(-1, n_negatives):
                target = center if k < 0 else negatives[k]
                if k >= 0 and target == center:
                    continue
                logit = bias
                for d in range(dim):
                    logit += inputs[row + d] * outputs[target + d]
                x = np.float64(logit) if k >= 0 else -np.float64(logit)
                total += max(x, 0.0) + np.log1p(np.exp(-abs(x)))
    return total, n_pairs
