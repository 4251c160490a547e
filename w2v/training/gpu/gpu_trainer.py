"""Training on a card, by the contract of `training.trainer.Trainer`: an iterator of finished spans.

A launch trains a group of spans: each warp takes one stretch of them, and all stretches are trained at once. While the card trains a launch
the host writes the next one's tokens, which are copied beside the training. The model comes back to the host when the caller's turn is to
save, evaluate or stop: at the end of `spans`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.corpus.encoded_corpus import EncodedCorpus
from w2v.training.gpu.card import explain_card_errors, load_numba_cuda, require_memory
from w2v.training.gpu.limits import choose_warps, find_usage, hot_row_scales, warps_of_multiprocessor
from w2v.training.gpu.shapes import choose_shape, refuse_long_sessions
from w2v.training.gpu.staging import Launch, LaunchSizes, cut_launch, launch_sizes, plan_launches, stage
from w2v.training.kernel.random import stream_key
from w2v.training.model import Model
from w2v.training.plan import Plan
from w2v.training.sampling import noise_distribution
from w2v.training.trainer import KEEP, NEGATIVES, SpanReport, diverged

_LEAST_LAUNCH_TOKENS = 1 << 20
_MOST_FREE = 0.95  # of the card's free memory that is asked for
_SUBSAMPLE_WARPS = 4


class GpuTrainer:
    """Trains `model` on `corpus` by `plan` on the current card.

    Attributes
    ----------
    n_warps : that train at once
    kernel_seconds, kernel_tokens : what the launches took so far on the card, and the corpus tokens in them
    """

    def __init__(self, corpus: EncodedCorpus, model: Model, plan: Plan, threads: int) -> None:
        self.corpus, self.model, self.plan, self.threads = corpus, model, plan, threads
        self.shape = choose_shape(plan.config.dim, plan.window, plan.negatives)
        self.kernel_seconds, self.kernel_tokens, self.n_warps = 0.0, 0, 0
        if plan.session:
            refuse_long_sessions(int(np.diff(corpus.sentence_offsets).max()), plan.window)
        with explain_card_errors():
            self._cuda: Any = load_numba_cuda()
            self._device: Any = self._cuda.get_current_device()
        # the largest launches are no matter: they become smaller where memory is short
        least = launch_sizes(plan, self._device.MULTIPROCESSOR_COUNT, _LEAST_LAUNCH_TOKENS)
        self._require_memory(least)
        self._train: Any = None

    def _require_memory(self, sizes: LaunchSizes) -> None:
        from w2v.training.gpu.card_memory import bytes_besides_matrices

        free = int(self._cuda.current_context().get_memory_info()[0] * _MOST_FREE)
        require_memory(self.model.n_words, self.shape.stride, bytes_besides_matrices(self.model.n_words, sizes), free)

    def compile(self) -> None:
        """Compile the kernels, and give the card what stays there; `spans` does it otherwise."""
        with explain_card_errors():
            self._compile()

    def _compile(self) -> None:
        from w2v.training.gpu.card_memory import CardMatrices, LaunchMemory
        from w2v.training.gpu.kernels import subsampling_types, training_kernel, training_types
        from w2v.training.gpu.subsample_kernel import subsample_stretches

        cuda, plan, shape = self._cuda, self.plan, self.shape
        kernel = training_kernel(shape, tuple(self._device.compute_capability))
        subsample_stretches.compile(subsampling_types())
        compiled = kernel.compile(training_types())
        most = self._device.MULTIPROCESSOR_COUNT * warps_of_multiprocessor(
            shape,
            compiled.regs_per_thread,
            compiled.shared_mem_per_block,
            all_registers=self._device.MAX_REGISTERS_PER_MULTIPROCESSOR,
            all_shared=self._device.MAX_SHARED_MEMORY_PER_MULTIPROCESSOR,
        )
        counts = self.corpus.vocabulary.counts
        usage = find_usage(
            counts, noise_distribution(counts, plan.config.noise_exponent), sample=plan.config.sample or 0.0, window=plan.window,
            fixed_window=plan.fixed_window, mean_length=self.corpus.n_tokens / self.corpus.n_sentences, alpha=plan.config.alpha,
        )  # fmt: skip
        self.n_warps = choose_warps(usage, shape, plan.n_tokens, most)
        self._sizes = self._fitting_sizes()
        scales = [scale.astype(np.float32) for scale in hot_row_scales(usage, shape, self.n_warps)]
        self._keep, self._alias, self._scale_in, self._scale_out = (cuda.to_device(table) for table in (plan.keep, plan.alias, *scales))
        self._matrices = CardMatrices(cuda, self.model, shape)
        self._matrices.upload()
        self._memory = [LaunchMemory(cuda, self._sizes) for _ in range(2)]
        self._copying, self._training = cuda.stream(), cuda.stream()
        self._subsample, self._train = subsample_stretches, kernel

    def _fitting_sizes(self) -> LaunchSizes:
        """The largest launches that the card has room for."""
        from w2v.training.gpu.card_memory import bytes_besides_matrices

        free = int(self._cuda.current_context().get_memory_info()[0] * _MOST_FREE) - 8 * self.model.n_words * self.shape.stride
        sizes = launch_sizes(self.plan, self.n_warps)
        while sizes.spans > 1 and bytes_besides_matrices(self.model.n_words, sizes) > free:
            sizes = launch_sizes(self.plan, self.n_warps, sizes.spans // 2 * self.plan.span_tokens)
        self._require_memory(sizes)
        return sizes

    def facts(self) -> dict[str, Any]:
        """What a report says of the card: its name, the kernel, and the rate of the launches without what is around them."""
        name = self._device.name
        rate = self.kernel_tokens / self.kernel_seconds if self.kernel_seconds else 0.0
        return {
            "device": "cuda",
            "card": {
                "name": name.decode() if isinstance(name, bytes) else str(name),
                "kernel": "ring" if self.shape.in_ring else "general",
                "warps": self.n_warps,
                "kernel_words_per_second": rate,
            },
        }

    def spans(self, epoch: int, first: int = 0, should_stop: Callable[[], bool] = lambda: False) -> Iterator[SpanReport]:
        """Train the spans of one epoch from `first` on; yields those of a launch when it is finished, in order.

        Once `should_stop` says so no further launch is begun; those that run are finished and yielded. When this ends, the model holds
        exactly what was yielded.

        Raises
        ------
        DivergedError
            non-finite logits: names epoch, span and learning rate.
        """
        if self._train is None:
            self.compile()
        with explain_card_errors():
            yield from self._spans(epoch, first, should_stop)

    def _spans(self, epoch: int, first: int, should_stop: Callable[[], bool]) -> Iterator[SpanReport]:
        running: deque[tuple[Launch, Any]] = deque()
        free = deque(self._memory)
        ahead = plan_launches(self.plan, first, self._sizes)
        while True:
            if should_stop():
                ahead = []
            while ahead and free:
                launch, memory = cut_launch(self.plan, *ahead.pop(0), self._sizes), free.popleft()
                self._launch(epoch, launch, memory)
                running.append((launch, memory))
            if not running:
                break
            launch, memory = running.popleft()
            memory.trained.synchronize()
            self.kernel_seconds += memory.began.elapsed_time(memory.trained) / 1e3
            self.kernel_tokens += launch.stop - launch.start
            reports = self._reports(epoch, launch, memory.host_borders, memory.host_statistics)
            free.append(memory)
            yield from reports
        self._matrices.download()

    def _launch(self, epoch: int, launch: Launch, memory: Any) -> None:
        """Have the card copy, subsample and train; returns at once."""
        plan, corpus, n, n_staged = self.plan, self.corpus, launch.n_stretches, launch.n_staged
        stage(corpus.tokens, corpus.sentence_offsets, plan.held_out, launch.staged_start, launch.staged_stop, memory.host_tokens)
        memory.host_starts[: n + 1] = launch.starts
        memory.host_statistics[:n] = 0
        copying, training = self._copying, self._training
        memory.tokens[:n_staged].copy_to_device(memory.host_tokens[:n_staged], stream=copying)
        memory.starts[: n + 1].copy_to_device(memory.host_starts[: n + 1], stream=copying)
        memory.statistics[:n].copy_to_device(memory.host_statistics[:n], stream=copying)
        memory.copied.record(copying)
        memory.copied.wait(training)
        keep_key, noise_key = (np.uint64(stream_key(plan.config.seed, purpose, epoch)) for purpose in (KEEP, NEGATIVES))
        borders, statistics, room = memory.borders[:n], memory.statistics[:n], self._sizes.room
        memory.began.record(training)
        self._subsample[-(-n // _SUBSAMPLE_WARPS), (32, _SUBSAMPLE_WARPS), training](
            memory.tokens, launch.staged_start, n_staged, memory.starts, room, self._keep, plan.window, plan.fixed_window, keep_key,
            memory.kept, memory.radii, borders,
        )  # fmt: skip
        self._train[-(-n // self.shape.warps), (32, self.shape.warps), training](
            memory.kept, memory.radii, borders, memory.starts, room, self._alias, noise_key, self._matrices.inputs, self._matrices.outputs,
            self._scale_in, self._scale_out, np.float32(plan.alpha(epoch, launch.start)), np.float32(plan.alpha(epoch, launch.stop)),
            np.float32(plan.config.logit_bias), statistics,
        )  # fmt: skip
        borders.copy_to_host(memory.host_borders[:n], stream=training)
        statistics.copy_to_host(memory.host_statistics[:n], stream=training)
        memory.trained.record(training)

    def _reports(self, epoch: int, launch: Launch, borders: npt.NDArray[np.int32], statistics: npt.NDArray[np.float64]) -> list[SpanReport]:
        """What the stretches counted, each in the span that it begins in."""
        from w2v.training.gpu.ring_kernel import LOSS_PAIRS, LOSS_SUM, PAIRS
        from w2v.training.gpu.subsample_kernel import BEGIN, END

        plan, n = self.plan, launch.n_stretches
        spans = (launch.starts[:n] // plan.span_tokens).astype(np.int64)
        centers = borders[:n, END] - borders[:n, BEGIN]
        reports = []
        for span in range(launch.first, launch.end):
            mine = spans == span
            start, stop = plan.span(span)
            alpha, found = plan.alpha(epoch, start), statistics[:n][mine].sum(axis=0)
            if not np.isfinite(found).all():
                raise diverged(plan, epoch, span, alpha)
            counted = int(centers[mine].sum()), int(found[PAIRS]), float(found[LOSS_SUM]), int(found[LOSS_PAIRS])
            reports.append(SpanReport(epoch, span, stop - start, *counted, alpha))
        return reports
