"""比特序列：嵌入层就是一张可以训练的表。

Bits: an Embedding layer is a table that can be trained. Row 0 is the vector of bit 0, row 1 that of bit 1; on top of such rows a dense
layer, an LSTM and a GRU find a pattern in sequences that they have never seen.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from w2v.downstream import load_keras
from w2v.text_tables import plain_table

keras = load_keras()
LENGTH, PATTERN = 10, (1, 0, 1)


def look_up(ids: Any, input_dim: int, dim: int) -> tuple[np.ndarray, np.ndarray]:
    """What an untrained layer makes of ids, (n, length) -> (n, length, dim), and its table, (input_dim, dim)."""
    keras.utils.set_random_seed(1)
    # mask_zero stays off: it would say that 0 is padding, but here 0 is a value, half of all bits.
    model = keras.Sequential([keras.layers.Embedding(input_dim, dim, mask_zero=False)])
    output = model.predict(np.asarray(ids), verbose=0)
    return output, model.layers[0].get_weights()[0]


def sequences(anywhere: bool) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """All sequences of 10 bits, shuffled: 768 to train on, 256 to test; label 1 where PATTERN ends the sequence, or is anywhere in it."""
    bits = np.array(list(itertools.product((0, 1), repeat=LENGTH)))
    bits = np.random.default_rng(7).permutation(bits)
    last = LENGTH - len(PATTERN)
    starts = range(last + 1) if anywhere else [last]
    labels = np.array([any(tuple(row[start : start + len(PATTERN)]) == PATTERN for start in starts) for row in bits], "float32")
    return (bits[:768], labels[:768]), (bits[768:], labels[768:])


def held_out_accuracy(head: str, anywhere: bool, seed: int = 1) -> float:
    """Accuracy on the 256 sequences that the model has not seen."""
    keras.utils.set_random_seed(seed)
    layers = {"Flatten": keras.layers.Flatten(), "LSTM": keras.layers.LSTM(16), "GRU": keras.layers.GRU(16)}
    model = keras.Sequential(
        [keras.Input((LENGTH,), dtype="int32"), keras.layers.Embedding(2, 4), layers[head], keras.layers.Dense(1, activation="sigmoid")]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="binary_crossentropy", metrics=["accuracy"])
    train, test = sequences(anywhere)
    model.fit(*train, epochs=25, batch_size=32, verbose=0)
    return float(model.evaluate(*test, verbose=0)[1])


def main() -> None:
    ids = [[0, 1, 0, 1, 1, 0, 0]]
    output, table = look_up(ids, 2, 2)
    print(f"Embedding(2, 2) on {ids}: shape {output.shape}\n")
    rows = [[str(b), str(row), str(table[b]), str(np.array_equal(row, table[b]))] for b, row in zip(ids[0], output[0], strict=True)]
    print(plain_table(["bit", "output", "get_weights()[0][bit]", "equal"], rows))

    values = np.random.default_rng(1).integers(0, 2, (5, 19))
    print(f"\n5 sequences of 19 bits, 10 numbers a bit: {values.shape} -> {look_up(values, 2, 10)[0].shape}")

    print(f"\nDoes a sequence hold {PATTERN}? Accuracy on 256 sequences that were not trained on:\n")
    rows = [[head, *(f"{held_out_accuracy(head, anywhere):.1%}" for anywhere in (False, True))] for head in ("Flatten", "LSTM", "GRU")]
    print(plain_table(["Embedding, then", "at the end", "anywhere"], rows))
    print("\nFlatten and Dense have one weight for each place, so a pattern that moves is hidden from them; LSTM and GRU read in order.")


if __name__ == "__main__":
    main()
