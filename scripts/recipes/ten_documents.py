"""十篇短评：从文字到分类。

Ten documents: words to ids by hashing, padding, Embedding, Flatten and one output. 32 numbers a document are enough to tell praise from
blame; words that share an id share a vector too, and are shown.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from w2v.downstream import load_keras, one_hot, pad_sequences

keras = load_keras()
GOOD = ["well done", "good work", "great effort", "nice work", "excellent"]
BAD = ["weak", "poor effort", "not good", "poor work", "could have done better"]
DOCUMENTS, LABELS = GOOD + BAD, np.array([1] * 5 + [0] * 5, "float32")
ROWS, LENGTH, DIM = 50, 4, 8


def encode(documents: list[str]) -> np.ndarray:
    """(n, 4) int32: ids from 1 to 49, the same in every process, filled up with 0 behind."""
    return pad_sequences([one_hot(document, ROWS) for document in documents], maxlen=LENGTH, padding="post")


def collisions() -> list[list[str]]:
    """Groups of words that have the same id."""
    words = defaultdict(list)
    for word in dict.fromkeys(" ".join(DOCUMENTS).split()):
        words[one_hot(word, ROWS)[0]].append(word)
    return [group for group in words.values() if len(group) > 1]


def train(seed: int = 1) -> Any:
    """50 x 8 = 400 parameters of the table, 4 x 8 + 1 = 33 of the output."""
    keras.utils.set_random_seed(seed)
    # No mask_zero: Flatten puts the vectors of padding between the others, whatever a mask says.
    model = keras.Sequential(
        [
            keras.Input((LENGTH,), dtype="int32"),
            keras.layers.Embedding(ROWS, DIM),
            keras.layers.Flatten(),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    model.fit(encode(DOCUMENTS), LABELS, epochs=100, batch_size=2, verbose=0)  # 5 steps an epoch: with 1, some seeds end at 90 %
    return model


def main() -> None:
    for document, ids in zip(DOCUMENTS, encode(DOCUMENTS), strict=True):
        print(f"{document:<24}{ids}")
    print("the same id:", "; ".join(", ".join(group) for group in collisions()) or "none", "\n")
    model = train()
    model.summary(line_length=80)
    print("parameters:", [layer.count_params() for layer in model.layers])
    print(f"accuracy on the ten documents: {model.evaluate(encode(DOCUMENTS), LABELS, verbose=0)[1]:.0%}")
    for document in ("good", "poor", "nice effort"):
        print(f"{document!r} is praise with probability {float(model.predict(encode([document]), verbose=0)[0, 0]):.2f}")


if __name__ == "__main__":
    main()
