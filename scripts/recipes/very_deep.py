"""“deep learning is very deep”：编号、六列矩阵与 t-SNE 图。

Deep learning is very deep: two ways to number the words of a sentence, the matrix of 6 columns that the numbers look up, and a t-SNE
picture of vectors that were trained on sentences about the sea, music, sport, food and computers.

    python scripts/recipes/very_deep.py [--out FOLDER]
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

import w2v
from w2v import CorpusConfig, TrainConfig, WordVectors
from w2v.downstream import TextEncoder, embedding_layer
from w2v.pictures.word_map import draw_word_map
from w2v.text_tables import plain_table
from w2v.vectors.projection import project

SENTENCE = "deep learning is very deep"
TOPICS = {
    "sea": "ship wave sailor harbour tide anchor whale storm island coast deck captain",
    "music": "piano violin melody concert singer rhythm orchestra chord drum choir tune stage",
    "sport": "goal team match player coach league stadium score race medal referee trophy",
    "food": "bread cheese kitchen recipe oven soup butter flour sugar dinner cook spoon",
    "computers": "program memory processor network keyboard file server compiler loop screen data error",
}
COMMON = ("the", "a", "of", "is", "and", "in", "was", "with", "very")


def ids_by_appearance(tokens: Sequence[str]) -> list[int]:
    """1 for the first word that appears, 2 for the next new one: as many articles do it."""
    numbers: dict[str, int] = {}
    return [numbers.setdefault(token, len(numbers) + 1) for token in tokens]


def train_sentence() -> WordVectors:
    """Vectors of 6 numbers for the words of the sentence."""
    corpus = [SENTENCE.split()] * 100
    return w2v.train(corpus, TrainConfig(dim=6, sample=0), corpus_config=CorpusConfig(min_count=1), threads=1).vectors


def topic_sentences(n: int = 3000, seed: int = 1) -> list[list[str]]:
    """Each of 10 words: 4 of one topic, 2 of any topic, 4 that go with every topic."""
    random = np.random.default_rng(seed)
    topics = [words.split() for words in TOPICS.values()]
    every_word = [word for words in topics for word in words]
    return [
        random.permutation([*random.choice(topics[topic], 4), *random.choice(every_word, 2), *random.choice(COMMON, 4)]).tolist()
        for topic in random.integers(len(topics), size=n)
    ]


def draw_topics(path: Path) -> float:
    """Train on the topics, draw the map of their words; the share of words whose nearest neighbor is of the same topic."""
    vectors = w2v.train(topic_sentences(), TrainConfig(dim=50, epochs=5, sample=0, seed=1), threads=1).vectors
    words = [word for names in TOPICS.values() for word in names.split()]
    topic_of = {word: topic for topic, names in enumerate(TOPICS.values()) for word in names.split()}
    points = project(vectors.matrix[[vectors.index(word) for word in words]], "tsne", seed=1)
    draw_word_map(path, words, points, list(topic_of.values()), [False] * len(words), f"t-SNE of five topics: {', '.join(TOPICS)}")
    nearest = vectors.neighbors_of_each(words, n=1)
    return float(np.mean([topic_of.get(found.word) == topic_of[word] for word, [found] in zip(words, nearest, strict=True)]))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Ids, a matrix of 6 columns and a t-SNE picture.")
    parser.add_argument("--out", type=Path, default=Path("downloads/recipes"), help="folder of the picture [%(default)s]")
    out = parser.parse_args(arguments).out

    vectors = train_sentence()
    encoder, layer = TextEncoder(vectors), embedding_layer(vectors)
    tokens = SENTENCE.split()
    rows = [["by appearance, from 1 on", *map(str, ids_by_appearance(tokens))], ["ours: rank + 2", *map(str, encoder.ids(SENTENCE))]]
    print(plain_table(["", *tokens], rows))
    print("\nOurs go by frequency (ties in the order of the alphabet), so that 'the first 10,000 rows' are the most frequent words,")
    print("and leave 0 to padding and 1 to words that were not in the training text.\n")
    names = ["(padding)", "(unknown)", *vectors.words]
    table = [[name, *(f"{x:.3f}" for x in row)] for name, row in zip(names, np.asarray(layer.embeddings), strict=True)]
    print(plain_table(["row of the layer", *map(str, range(1, 7))], table))
    print(f"\n{encoder.encode([SENTENCE]).tolist()} -> shape {tuple(layer(encoder.encode([SENTENCE])).shape)}")

    picture = out / "topics.png"
    share = draw_topics(picture)
    print(f"\n{share:.0%} of the topics' words have a word of their own topic as nearest neighbor; the map is {picture}")


if __name__ == "__main__":
    main()
