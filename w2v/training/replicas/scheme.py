"""Several replicas learn side by side, and what they learned is combined: equal results wherever each of them runs.

A round: each of R replicas trains one span of the text on its own copies of the rows, from the same state. Then, for every row that
several of them used, their changes d_r are combined into one, in the order of r, and the next round begins from the result. R is a setting
of the training, not a number of threads or machines, so the result does not depend on them.

The plain sum S of the changes overshoots: each replica made its steps without those of the others. How far depends on the direction.
Near its optimum a row x moves like the gradient ascent on a quadratic whose curvature is

    C = sum over words w of p(w) o_w o_w^T                    o_w: rows of the other matrix; times the mean slope c of the sigmoid

so u steps of the learning rate a take the part 1 - exp(-c a u lambda) of its way along an eigenvector with eigenvalue lambda. With u_r the
number of (center, context) pairs in which replica r used the row, and x_r = c a u_r, steps one after another would have gone
1 - exp(-lambda sum x_r), while those side by side add up to the sum of the parts. The quotient

    s(lambda) = (1 - exp(-lambda sum_r x_r)) / sum_r (1 - exp(-lambda x_r))

is 1 for rare rows and 1 / R for very frequent ones. C has a few large eigenvalues, mostly one, and many small ones, all near their mean, so

    row += s_rest S + sum over the leading eigenvectors q_i of (s_i - s_rest) (q_i . S) q_i

damps what all rows share, and hardly the rest of what each replica found. A single factor for all directions is small for the sake of the
first one: averaging loses 40 % of the analogies. A row that one replica used, or with lambda_1 sum x_r < 0.02, takes the plain sum.

What is damped a little too much is made good by a higher learning rate, R ** 0.16 times that of one trainer: 1.25 for 4 replicas.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from w2v.errors import CheckpointError
from w2v.training.plan import Plan

SLOPE = 0.2  # c; measured 0.12, and what is more leaves room for the higher learning rate
LEAST_SATURATION = 0.02  # lambda_1 sum x_r, below which the plain sum is the same
_RATE_EXPONENT = 0.16
# The directions change slowly, but for the beginning. They are made anew from what this round trained, so that a training that goes on
# where they are renewed needs no more than the matrices.
_RENEWED_EVERY, _EARLY_ROUNDS = 4, 40


@dataclass(frozen=True)
class Round:
    """What the replicas do side by side.

    Attributes
    ----------
    spans : of replica 0, 1, ...; fewer than there are replicas at the end of an epoch
    alpha, alpha_stop : learning rate at the start and the end of each span, by the tokens that all replicas together have read
    is_renewal : the curvature is measured after it; before it a training may stop and go on
    """

    epoch: int
    spans: range
    alpha: float
    alpha_stop: float
    is_renewal: bool


def rounds(plan: Plan, n_replicas: int, epoch: int, first: int) -> Iterator[Round]:
    """The rounds of an epoch from the span `first` on.

    Raises
    ------
    CheckpointError
        no training stops before that span.
    """
    factor = n_replicas**_RATE_EXPONENT
    if first < plan.n_spans and (first % n_replicas or not _is_renewal(epoch, first // n_replicas)):
        raise CheckpointError(f"a training with {n_replicas} replicas does not go on from span {first}: overwrite=True starts anew")
    for begin in range(first, plan.n_spans, n_replicas):
        spans = range(begin, min(begin + n_replicas, plan.n_spans))
        start, stop = plan.span(spans[0])[0], plan.span(spans[-1])[1]
        yield Round(
            epoch, spans, factor * plan.alpha(epoch, start), factor * plan.alpha(epoch, stop), _is_renewal(epoch, begin // n_replicas)
        )


def _is_renewal(epoch: int, index: int) -> bool:
    return index % _RENEWED_EVERY == 0 or (epoch == 0 and index < _EARLY_ROUNDS)
