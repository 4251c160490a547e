"""表格的行也是句子：字段=取值。

Rows of a table are sentences too: each cell becomes a token such as city=上海, numbers become ranges, and skip-gram learns which categories
stand with the same others. Three lines turn a csv file into vectors; one more makes a Keras layer of them.
"""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

import numpy as np

import w2v
from w2v import CorpusConfig, TrainConfig, Vocabulary, WordVectors
from w2v.downstream import TextEncoder, check_ids, embedding_layer
from w2v.text_tables import aligned

NORTH, SOUTH = ("北京", "沈阳", "哈尔滨", "长春"), ("深圳", "广州", "海口", "厦门")


def write_customers(path: Path, n: int = 4000, seed: int = 1) -> None:
    """A csv of customers: in the north they heat and buy coats, in the south fans; the young pay by phone; some cells are empty."""
    random = np.random.default_rng(seed)
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["city", "home", "bought", "age", "paid by"])
        for _ in range(n):
            is_north, age = random.random() < 0.5, int(random.gamma(9, 5))
            home = "radiator" if is_north == (random.random() < 0.9) else "air conditioner"
            bought = random.choice(["coat", "boots", "scarf"] if is_north == (random.random() < 0.9) else ["fan", "sandals", "hat"])
            paid = ("phone" if age < 40 else "cash") if random.random() < 0.8 else "card"
            writer.writerow([random.choice(NORTH if is_north else SOUTH), home, bought, age if random.random() < 0.95 else "", paid])


def train(path: Path) -> tuple[w2v.Categories, list[list[str]], WordVectors]:
    """The whole way from a csv file to vectors."""
    categories, rows = w2v.read_categories(path, bins=4)
    config = TrainConfig(dim=8, window="session", epochs=10)
    return categories, rows, w2v.train(rows, config, corpus_config=CorpusConfig(tokenizer="items"), threads=1).vectors


def within_field(vectors: WordVectors, field: str) -> WordVectors:
    """The categories of one field, less their mean: what makes them different from one another."""
    ranks = [rank for rank, word in enumerate(vectors.words) if word.startswith(f"{field}=")]
    rows = vectors.matrix[ranks]
    return WordVectors(Vocabulary([vectors.words[rank] for rank in ranks], vectors.counts[ranks]), rows - rows.mean(axis=0))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "customers.csv"
        write_customers(path)
        print("\n".join(path.read_text(encoding="utf-8").splitlines()[:3]))
        categories, rows, vectors = train(path)
    print("\nbecomes\n\n" + "\n".join(map(" ".join, rows[:2])))
    print("a later row:", " ".join(categories.tokens({"city": "北京", "home": "", "bought": "coat", "age": 97, "paid by": None})))

    cities = within_field(vectors, "city")
    rows_shown = [
        [f"{a} - {b}", "0.00", f"{vectors.similarity(f'city={a}', f'city={b}'):.2f}", f"{cities.similarity(f'city={a}', f'city={b}'):.2f}"]
        for a, b in (("北京", "哈尔滨"), ("深圳", "广州"), ("北京", "深圳"))
    ]
    print("\nSimilarity of cities. No row holds two of them, which makes all a little alike; the rest differs\n")
    print(aligned([["", "one-hot", "vectors", "less the mean of the cities"], *rows_shown]))

    encoder, layer = TextEncoder(vectors), embedding_layer(vectors)
    ids = encoder.encode(rows, length=len(categories.fields))
    check_ids(ids, layer)
    print(f"\nIn Keras: ids {ids.shape} -> {tuple(layer(ids[:32]).shape)} for 32 rows")
    print("\nBytes of a table of one-hot vectors and of vectors of 8 numbers, for fields with so many values\n")
    print(
        aligned(
            [["values", "one-hot", "vectors"], *([f"{n:,}", f"{4 * n * n:,}", f"{4 * n * 8:,}"] for n in (len(vectors), 1_000, 100_000))]
        )
    )


if __name__ == "__main__":
    main()
