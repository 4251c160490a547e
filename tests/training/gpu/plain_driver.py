"""A card of numpy arrays whose kernels are the oracle's: runs `GpuTrainer` where there is no card, one warp after the other."""

from types import SimpleNamespace

import naive
import numpy as np
import plain_card

from w2v.training.gpu.ring_kernel import LOSS_PAIRS, LOSS_SUM, PAIRS
from w2v.training.gpu.subsample_kernel import BEGIN, END, FIRST, N
from w2v.training.kernel.span import LOSS_EVERY, MOST_CONTEXTS

_WORD = 0x7FFFFFFF


class CardArray(np.ndarray):
    """Memory of the card."""

    def copy_to_device(self, array, stream=0):
        self[...] = array

    def copy_to_host(self, array, stream=0):
        array[...] = self


class Event:
    def record(self, stream=0):
        pass

    def wait(self, stream=0):
        pass

    def synchronize(self):
        pass

    def elapsed_time(self, other):
        return 1.0


class PlainCuda:
    """The part of numba.cuda that the trainer uses; counts launches."""

    def __init__(self, free=10**9, multiprocessors=2):
        self.free = free
        self.device = SimpleNamespace(
            compute_capability=(9, 0), name=b"plain card", MULTIPROCESSOR_COUNT=multiprocessors,
            MAX_REGISTERS_PER_MULTIPROCESSOR=65536, MAX_SHARED_MEMORY_PER_MULTIPROCESSOR=233472,
        )  # fmt: skip

    def get_current_device(self):
        return self.device

    def current_context(self):
        return SimpleNamespace(get_memory_info=lambda: (self.free, self.free))

    def device_array(self, shape, dtype):
        return np.zeros(shape, dtype).view(CardArray)

    def to_device(self, array):
        return np.array(array).view(CardArray)

    def pinned_array(self, shape, dtype):
        return np.zeros(shape, dtype)

    def stream(self):
        return object()

    def event(self, timing=True):
        return Event()


class PlainKernel:
    """Called as a kernel of numba is."""

    def __init__(self, run):
        self.run = run

    def compile(self, kinds):
        return SimpleNamespace(regs_per_thread=168, shared_mem_per_block=45056)

    def __getitem__(self, configuration):
        return self.run


def subsample(tokens, origin, n_staged, starts, room, keep, window, fixed, key, kept, radii, borders):
    """What `subsample_stretches` does, from the marks in the tokens."""
    words = (tokens[:n_staged] & _WORD).tolist()
    begins = [at for at in range(n_staged) if tokens[at] < 0]
    pieces, held_out = [], [at for at in range(n_staged) if words[at] == _WORD]
    for first, end in zip([0, *begins], [*begins, n_staged], strict=True):
        inside = [at for at in held_out if first <= at < end]
        pieces.append((first + origin, (inside[0] if inside else end) + origin))
    everything = dict(enumerate(words, origin))
    for s in range(len(borders)):
        stretch = plain_card.list_stretch(everything, pieces, int(starts[s]), int(starts[s + 1]), keep, window, fixed, int(key))
        listed, begin, end, _ = stretch
        base = s * room + window - begin
        kept[base : base + len(listed)] = listed
        borders[s, [FIRST, BEGIN, END, N]] = window - begin, window, window + end - begin, window - begin + len(listed)
        _stretches[int(starts[s])] = stretch


_stretches = {}


def plain_training_kernel(shape, capability):
    def train(
        kept, radii, borders, starts, room, alias, key, inputs, outputs, scale_in, scale_out, alpha_first, alpha_last, bias, statistics
    ):
        matrices = [matrix.reshape(-1, shape.stride)[:, : shape.dim] for matrix in (inputs, outputs)]
        for s in range(len(borders)):
            stretch = _stretches[int(starts[s])]
            state = naive.position_hash(int(key), int(starts[s]))
            common = state, alias, shape.negatives, float(alpha_first), float(alpha_last), float(bias), scale_in, scale_out
            words, begin, _, ranges = stretch
            for i in range(0, len(ranges), LOSS_EVERY):
                low, high = ranges[i]
                around = words[low : begin + i] + words[begin + i + 1 : high + 1]
                drawn = plain_card.negatives_of(state, alias, i, shape.negatives)
                statistics[s, LOSS_SUM] += naive.window_loss(*matrices, around, words[begin + i], drawn, bias)
                statistics[s, LOSS_PAIRS] += len(around)
            statistics[s, PAIRS] = sum(high - low for low, high in ranges)
            if shape.in_ring:
                plain_card.train_ring(*matrices, stretch, shape.window, *common, shape.ahead)
            else:
                plain_card.train_general(*matrices, stretch, MOST_CONTEXTS, shape.group, *common)

    return PlainKernel(np.errstate(invalid="ignore")(train))


def install(monkeypatch, card=None):
    """Let ``device="cuda"`` train on a plain card."""
    card = card or PlainCuda()
    monkeypatch.setattr("w2v.training.run.require_card", lambda: None)
    monkeypatch.setattr("w2v.training.gpu.gpu_trainer.load_numba_cuda", lambda: card)
    monkeypatch.setattr("w2v.training.gpu.kernels.training_kernel", plain_training_kernel)
    monkeypatch.setattr("w2v.training.gpu.kernels.training_types", lambda: ())
    monkeypatch.setattr("w2v.training.gpu.kernels.subsampling_types", lambda: ())
    monkeypatch.setattr("w2v.training.gpu.subsample_kernel.subsample_stretches", PlainKernel(subsample))
    return card
