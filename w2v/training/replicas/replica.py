"""One replica: it trains a span on its own copies of the rows."""

from collections.abc import Callable

import numpy as np

from w2v.corpus.encoded_corpus import EncodedCorpus
from w2v.jit import specialize
from w2v.training.kernel.span import CopiedRows, train_span
from w2v.training.model import Model
from w2v.training.plan import Plan
from w2v.training.replicas.row_copies import RowCopies, copy_rows, place_rows
from w2v.training.trainer import SpanReport, ThreadMemory, list_windows, report_span, span_noise, span_text


class Replica:
    """Trains spans for the part `index` of `copies`."""

    def __init__(self, corpus: EncodedCorpus, plan: Plan, copies: RowCopies, index: int) -> None:
        self._corpus, self._plan, self._index, self._n_rows = corpus, plan, index, copies.n_rows
        self._places, self._words = copies.places[index], copies.words[index]
        self._inputs, self._outputs = copies.inputs[index], copies.outputs[index]
        self._uses_in, self._uses_out = copies.uses_in[index], copies.uses_out[index]
        self._memory = ThreadMemory(plan, threads=1)
        self._partners = np.zeros(plan.window, np.intp)
        self._train_span: Callable[..., None] | None = None
        self._copy_rows: Callable[..., None] | None = None

    def compile(self, model: Model) -> None:
        """Compile the kernels, or load them from the cache."""
        arguments, (copying, _) = self._arguments(model, 0, 0, 0, 0, 0.0, 0.0)
        self._copy_rows = specialize(copy_rows, copying, (model.dim,))
        self._train_span = specialize(train_span, arguments, (model.dim, self._plan.negatives + 1))

    def train(self, model: Model, epoch: int, span: int, alpha: float, alpha_stop: float) -> SpanReport:
        """Copy the rows of a span from `model`, which stays as it is, and train them.

        Raises
        ------
        DivergedError
            non-finite logits.
        """
        if self._train_span is None or self._copy_rows is None:
            raise RuntimeError("a replica is compiled first")
        plan, statistics = self._plan, self._memory.statistics
        arguments, copied = self._arguments(model, epoch, span, *plan.span(span), alpha, alpha_stop)
        for matrix in copied:
            self._copy_rows(*matrix, model.dim)
        statistics[:] = 0
        self._train_span(*arguments, model.dim, plan.negatives + 1)
        return report_span(plan, epoch, span, alpha, statistics)

    def _arguments(
        self, model: Model, epoch: int, span: int, start: int, stop: int, alpha: float, alpha_stop: float
    ) -> tuple[tuple[object, ...], tuple[tuple[object, ...], tuple[object, ...]]]:
        """Give each word of a span its place; all that `train_span` and, for both matrices, `copy_rows` take, but for their literals."""
        plan, memory = self._plan, self._memory
        text, start, stop = span_text(self._corpus, plan, epoch, start, stop)
        noise = span_noise(plan, epoch, span)
        windows = list_windows(text, start, stop, plan, memory)
        own = (self._places, self._words, self._uses_in, self._uses_out, int(self._n_rows[self._index]))
        n = place_rows(text, start, windows, plan.window, noise, plan.negatives, self._partners, own)
        self._n_rows[self._index] = n
        private_rows = memory.hot_rows.beside(self._inputs, self._outputs)
        copied = CopiedRows(self._places, self._uses_in, self._uses_out)
        step = (alpha_stop - alpha) / max(1, windows.end - windows.begin)
        arguments = (
            text, start, windows, plan.window, noise, self._inputs, self._outputs, alpha, step, private_rows, memory.scratch,
            memory.statistics, copied,
        )  # fmt: skip
        inputs = (model.inputs, self._words, n, self._inputs, self._uses_in)
        return arguments, (inputs, (model.outputs, self._words, n, self._outputs, self._uses_out))

    def rest(self) -> None:
        """Take no part in a round."""
        self._places[self._words[: self._n_rows[self._index]]] = -1
        self._n_rows[self._index] = 0
