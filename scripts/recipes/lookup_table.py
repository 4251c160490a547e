"""嵌入矩阵是查找表：从词对到二维向量。

A matrix of word vectors is a lookup table: a text whose vocabulary has 1,000 words by frequency, the (center, context) pairs of a window
of 2, vectors of 2 numbers trained on them, and two ids looked up: [[4], [20]] -> [[…], […]].
"""

from __future__ import annotations

import numpy as np

import w2v
from w2v import CorpusConfig, TrainConfig, WordVectors
from w2v.downstream import TextEncoder, check_ids, embedding_layer
from w2v.text_tables import plain_table

WORDS, WINDOW = 1000, 2
SENTENCE = ["tom", "chases", "jerry", "round", "the", "kitchen"]
FREQUENT = ("the", "a", "and", "of", "tom", *(f"verb{i}" for i in range(15)), "jerry", "chases", "round", "kitchen")  # tom: 4, jerry: 20


def text(seed: int = 1) -> list[list[str]]:
    """Sentences over 1,000 words in random order; how often a word occurs falls with its rank (Zipf)."""
    names = [*FREQUENT, *(f"word{rank}" for rank in range(len(FREQUENT), WORDS))]
    counts = np.ceil(20_000 / (np.arange(WORDS) + 10)).astype(int) + np.arange(WORDS, 0, -1)  # all different: no ties between ranks
    tokens = np.random.default_rng(seed).permutation(np.repeat(names, counts)).tolist()
    return [tokens[start : start + 8] for start in range(0, len(tokens), 8)]


def pairs(sentence: list[str], window: int = WINDOW) -> list[tuple[str, str]]:
    """(center, context) for every two words at most `window` apart: what skip-gram predicts from what."""
    places = range(len(sentence))
    return [(sentence[i], sentence[j]) for i in places for j in places if i != j and abs(i - j) <= window]


def train(seed: int = 1) -> WordVectors:
    """1,000 vectors of 2 numbers."""
    config = TrainConfig(dim=2, window=WINDOW, epochs=3, sample=0, seed=seed)
    return w2v.train(text(seed), config, corpus_config=CorpusConfig(tokenizer="whitespace", min_count=1), threads=1).vectors


def shown(rows: np.ndarray) -> list[list[float]]:
    """Rows with three decimals."""
    return np.asarray(rows, float).round(3).tolist()


def main() -> None:
    print(f"window {WINDOW}, {' '.join(SENTENCE)!r}: {len(pairs(SENTENCE))} pairs, the first ones")
    print(" ", ", ".join(f"({center}, {context})" for center, context in pairs(SENTENCE)[:8]), "…\n")

    vectors = train()
    print(f"matrix {vectors.matrix.shape}; row r is the vector of the word of rank r, rank 0 the most frequent:")
    ids = np.array([[vectors.index("tom")], [vectors.index("jerry")]])
    print(f"tom, jerry = {ids.tolist()} -> {shown(vectors.matrix[ids[:, 0]])}\n")

    encoder, layer = TextEncoder(vectors), embedding_layer(vectors)
    print(f"The Keras layer has {layer.input_dim} rows, two more: 0 for padding, 1 for unknown words, r + 2 for rank r.")
    encoded = encoder.encode(["tom", "jerry"])
    looked_up = np.asarray(layer(encoded))
    print(f"tom, jerry = {encoded.tolist()} -> {shown(looked_up[:, 0])}, shape {looked_up.shape}\n")
    rows = [[word, str(vectors.index(word)), str(encoder.ids(word)[0])] for word in ("the", "tom", "jerry", vectors.words[-1])]
    print(plain_table(["word", "row in vectors.matrix", "id in the layer"], [*rows, ["(padding)", "-", "0"], ["(unknown)", "-", "1"]]))
    try:
        check_ids([[WORDS + 2]], layer)
    except w2v.W2VError as error:
        print(f"\nAn id too many: {error}")


if __name__ == "__main__":
    main()
