"""多列类别：共用一张嵌入表，还是每列一张？

Columns of categories: ten columns of a thousand values each, through one Embedding for all columns or through one for each. Shared is
right where the columns speak of the same things (ten films that somebody saw), one a column where equal numbers mean different things.
"""

from __future__ import annotations

import numpy as np

from w2v.downstream import load_keras
from w2v.text_tables import plain_table

keras = load_keras()
COLUMNS, VALUES, DIM, ROWS = 10, 1000, 64, 6000


def output_shape() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Shapes before and behind the layer: 32 rows of ten columns, each cell becomes 64 numbers."""
    rows = np.random.default_rng(1).integers(VALUES, size=(32, COLUMNS))
    return rows.shape, keras.Sequential([keras.layers.Embedding(VALUES, DIM)]).predict(rows, verbose=0).shape


def table(same_meaning: bool, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Rows of numbers from 0 to 999, and a label: is the sum of what the ten values are worth above 0?

    What a value is worth is nowhere in the table; it is the same in every column, or another in each.
    """
    random = np.random.default_rng(seed)
    rows = random.integers(VALUES, size=(ROWS, COLUMNS))
    worth = np.tile(random.normal(size=VALUES), (COLUMNS, 1)) if same_meaning else random.normal(size=(COLUMNS, VALUES))
    return rows, (worth[np.arange(COLUMNS), rows].sum(axis=1) > 0).astype("float32")


def held_out_accuracy(shared: bool, same_meaning: bool, seed: int = 1) -> tuple[int, float]:
    """Parameters, and accuracy on the last third of the rows."""
    keras.utils.set_random_seed(seed)
    rows, labels = table(same_meaning, seed)
    if not shared:  # ten tables are one long one: column j has the rows from j * 1000 on
        rows = rows + np.arange(COLUMNS) * VALUES
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((COLUMNS,), dtype="int32"),
            layers.Embedding(VALUES if shared else COLUMNS * VALUES, 8),
            layers.GlobalAveragePooling1D(),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="binary_crossentropy", metrics=["accuracy"])
    cut = ROWS * 2 // 3
    model.fit(rows[:cut], labels[:cut], epochs=8, batch_size=64, verbose=0)
    return model.count_params(), float(model.evaluate(rows[cut:], labels[cut:], verbose=0)[1])


def main() -> None:
    before, behind = output_shape()
    print(f"Embedding({VALUES}, {DIM}): {before} -> {behind}")
    print(f"one table for all columns: {VALUES * DIM:,} parameters, one for each column: {COLUMNS * VALUES * DIM:,}\n")
    rows = []
    for shared, name in ((True, "one for all columns"), (False, "one a column")):
        results = [held_out_accuracy(shared, same_meaning) for same_meaning in (True, False)]
        rows.append([name, f"{results[0][0]:,}", *(f"{accuracy:.1%}" for _, accuracy in results)])
    print("Accuracy on rows that were not trained on, where a number means in each column …\n")
    print(plain_table(["Embedding(…, 8)", "parameters", "the same", "something else"], rows))


if __name__ == "__main__":
    main()
