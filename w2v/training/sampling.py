"""Subsampling of frequent words and the noise distribution: Mikolov et al. 2013, sections 2.2 and 2.3."""

import numpy as np
import numpy.typing as npt

from w2v.jit import jit

_U = np.uint64
_FULL = 2**32 - 1


def keep_probability(counts: npt.NDArray[np.int64], sample: float) -> npt.NDArray[np.float64]:
    """Probability that an occurrence of each word is trained on, as word2vec.c computes it.

    With f = count / all counts: ``min(1, (sqrt(f / sample) + 1) * sample / f)``; the paper's section 2.3 gives sqrt(sample / f), the
    released code adds sample / f. `sample` 0 keeps everything.

    Returns
    -------
    (n_words,) float64, each in (0, 1]
    """
    if sample == 0:
        return np.ones(len(counts))
    ratio = counts / (sample * counts.sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        probability = (np.sqrt(ratio) + 1) / ratio
    return np.where(counts > 0, np.minimum(probability, 1.0), 1.0)


def keep_thresholds(counts: npt.NDArray[np.int64], sample: float) -> npt.NDArray[np.uint32]:
    """`keep_probability` as (n_words,) uint32: kept when 32 random bits are not above it."""
    scaled = np.ceil(keep_probability(counts, sample) * 2.0**32) - 1
    return np.asarray(np.clip(scaled, 0, _FULL), np.uint32)


def noise_distribution(counts: npt.NDArray[np.int64], exponent: float) -> npt.NDArray[np.float64]:
    """Probability of each word as a negative: count ** exponent, normalised (section 2.2). (n_words,) float64."""
    weights = np.maximum(counts, 1).astype(np.float64) ** exponent
    return np.asarray(weights / weights.sum())


@jit()
def fill_aliases(scaled, order, table):  # type: ignore[no-untyped-def]
    """Write the table of `alias_table` for (n,) float64 probabilities times n, which are overwritten; `order` is room for n int64."""
    n = scaled.shape[0]
    n_small, large = 0, n  # columns below 1 grow from the left, the others from the right
    for i in range(n):
        table[i] = (_U(_FULL) << _U(32)) | _U(i)  # what rounding leaves stays full
        if scaled[i] < 1.0:
            order[n_small] = i
            n_small += 1
        else:
            large -= 1
            order[large] = i
    while n_small > 0 and large < n:
        n_small -= 1
        small, donor = order[n_small], order[large]
        threshold = min(max(np.ceil(scaled[small] * 4294967296.0) - 1.0, 0.0), 4294967295.0)
        table[small] = (_U(threshold) << _U(32)) | _U(donor)
        scaled[donor] -= 1.0 - scaled[small]
        if scaled[donor] < 1.0:
            large += 1
            order[n_small] = donor
            n_small += 1


def alias_table(probability: npt.NDArray[np.float64]) -> npt.NDArray[np.uint64]:
    """Walker's alias method, built as Vose 1991: one cache line answers a draw from any distribution.

    Returns
    -------
    (n_words,) uint64 : column i holds its threshold in the upper and its alias in the lower 32 bits. A draw takes
        column i uniformly and 32 random bits; not above the threshold it is i, else the alias.
    """
    return np.asarray(_build_alias_table(probability * len(probability)))


@jit()
def _build_alias_table(scaled):  # type: ignore[no-untyped-def]
    table = np.empty(scaled.shape[0], np.uint64)
    fill_aliases(scaled, np.empty(scaled.shape[0], np.int64), table)
    return table
