import numpy as np
from kernels import padded, unpadded

from w2v.jit import jit, specialize
from w2v.training.kernel.hot_rows import MOST_USES, HotRows, merge_all, use_row

N, DIM = 6, 20


@jit()
def _use(matrix, row, times, end, most_uses, shift, uses, dim):
    return use_row(matrix, row, times, end, most_uses, shift, uses, dim)


@jit()
def _merge(matrix, end, shift, uses, dim):
    merge_all(matrix, end, shift, uses, dim)


class Thread:
    """What one thread does with its private rows of the output matrix."""

    def __init__(self, shared, n_hot, threads=2):
        self.shared = shared
        self.rows = HotRows(n_hot, DIM, threads)
        self.merge()

    def _called(self, function, before, after=()):
        arguments = (self.shared, *before, *after)
        return specialize(function, arguments, (DIM,))(*arguments, DIM)

    def merge(self):
        rows = self.rows.beside(self.shared, self.shared)
        self._called(_merge, (rows.end, rows.shift_out, rows.uses_out))

    def use(self, word, times):
        """Offset of the row to work on, from the first element of the shared matrix."""
        rows = self.rows.beside(self.shared, self.shared)
        return self._called(_use, (word * 32, times, rows.end, rows.most_uses, rows.shift_out, rows.uses_out))

    def row(self, word, times=1):
        """The row itself."""
        offset = self.use(word, times)
        address = self.shared.ctypes.data + 4 * offset
        for array in (self.shared, self.rows._outputs):
            first = (address - array.ctypes.data) // 4
            if 0 <= first < len(array):
                return array[first : first + DIM]
        raise AssertionError("a row of no matrix")


def matrix():
    return padded(np.random.default_rng(0).normal(size=(N, DIM)))[0]


def test_only_hot_words_have_private_rows():
    shared = matrix()
    thread = Thread(shared, 3)
    for word in range(N):
        row = thread.row(word)
        assert np.shares_memory(row, shared) == (word >= 3)
        np.testing.assert_array_equal(row, shared[word * 32 : word * 32 + DIM])


def test_what_both_threads_change_adds_up():
    shared = matrix()
    before = unpadded(shared.copy(), N, DIM)
    one, two = Thread(shared, 4), Thread(shared, 4)
    one.row(2)[:] += 1.0
    two.row(2)[:] += 0.25
    one.row(0)[3] -= 5.0
    np.testing.assert_array_equal(unpadded(shared, N, DIM), before)  # nobody has merged
    one.merge()
    two.merge()
    expected = before.copy()
    expected[2] += 1.25
    expected[0, 3] -= 5.0
    np.testing.assert_allclose(unpadded(shared, N, DIM), expected, rtol=1e-6)
    np.testing.assert_array_equal(two.row(2), shared[64 : 64 + DIM])  # the second saw the first one's change
    one.merge()  # and now the first one the second's, which it does not add again
    np.testing.assert_allclose(unpadded(shared, N, DIM), expected, rtol=1e-6)
    np.testing.assert_array_equal(one.row(2), shared[64 : 64 + DIM])


def test_a_row_is_merged_after_its_share_of_the_uses():
    for threads in (2, 8):
        shared = matrix()
        start = shared[:DIM].copy()
        thread = Thread(shared, 2, threads)
        thread.row(0, MOST_USES // threads)[:] += 1.0
        np.testing.assert_array_equal(shared[:DIM], start)
        thread.use(1, 1)  # another word's uses do not count
        np.testing.assert_array_equal(shared[:DIM], start)
        thread.use(0, 1)  # one too many: merged before
        np.testing.assert_allclose(shared[:DIM], start + 1.0, rtol=1e-6)
        thread.row(0, MOST_USES // threads - 1)[:] += 1.0  # counted anew
        np.testing.assert_allclose(shared[:DIM], start + 1.0, rtol=1e-6)


def test_uses_are_counted_from_the_last_merge():
    shared = matrix()
    start = shared[:DIM].copy()
    thread = Thread(shared, 2)
    thread.merge()
    thread.row(0, MOST_USES // 2 - 1)[:] += 1.0
    thread.use(0, 1)  # the last one that it may have
    np.testing.assert_array_equal(shared[:DIM], start)
    thread.use(0, 1)
    np.testing.assert_allclose(shared[:DIM], start + 1.0, rtol=1e-6)


def test_merging_leaves_the_padding_zero():
    shared = matrix()
    thread = Thread(shared, N)
    thread.row(1)[:] = 7.0
    thread.merge()
    unpadded(shared, N, DIM)
