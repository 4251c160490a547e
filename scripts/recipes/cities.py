"""城市字段：整数、独热编码与嵌入。

Cities: a categorical field as an integer, one-hot and as an embedding. A number says that 北京 lies between 上海 and 深圳, one-hot says
that all cities are equally different; an embedding learns from the data that people in 北京 and 哈尔滨 buy coats in the same months.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from w2v import CorpusConfig, Vocabulary
from w2v.downstream import TextEncoder, load_keras
from w2v.text_tables import aligned, plain_table

keras = load_keras()
CITIES = ("上海", "北京", "深圳", "哈尔滨", "沈阳", "杭州", "南京", "广州", "海口")
SEASONS = {"北京 哈尔滨 沈阳": (9, 3, 1, 8), "上海 杭州 南京": (6, 4, 2, 5), "深圳 广州 海口": (1, 3, 3, 2)}  # coats by quarter
PAIRS = (("上海", "北京"), ("北京", "深圳"), ("北京", "哈尔滨"), ("深圳", "广州"))
NOISE, DIM = 0.5, 2


def sales(n: int, seed: int) -> tuple[list[str], np.ndarray]:
    """Cities of n shops, and the coats that each sold in four quarters, (n, 4)."""
    random = np.random.default_rng(seed)
    of_city = {city: means for names, means in SEASONS.items() for city in names.split()}
    cities = [CITIES[number] for number in random.integers(len(CITIES), size=n)]
    return cities, np.array([of_city[city] for city in cities]) + random.normal(scale=NOISE, size=(n, 4))


def make_encoder() -> TextEncoder:
    """Cities to ids: 0 is padding, 1 a city that is not in the list, the first city is 2."""
    return TextEncoder(Vocabulary(CITIES, np.zeros(len(CITIES), int)), CorpusConfig(tokenizer="items"))


def represent(kind: str, cities: list[str], encoder: TextEncoder) -> np.ndarray:
    """What the model gets to see of a city."""
    ids = encoder.encode([[city] for city in cities], length=1)
    if kind == "integer":
        return ids.astype("float32")
    return np.eye(encoder.input_dim, dtype="float32")[ids[:, 0]] if kind == "one-hot" else ids


def fit(kind: str, encoder: TextEncoder, seed: int = 1) -> tuple[Any, float]:
    """A linear model of the four quarters on one representation, and its error (RMSE) on other shops."""
    keras.utils.set_random_seed(seed)
    table = [keras.layers.Embedding(encoder.input_dim, DIM), keras.layers.Flatten()] if kind == "embedding" else []
    model = keras.Sequential([*table, keras.layers.Dense(4)])
    model.compile(optimizer=keras.optimizers.Adam(0.05), loss="mse")
    cities, coats = sales(2000, seed)
    model.fit(represent(kind, cities, encoder), coats, epochs=20, batch_size=64, verbose=0)
    cities, coats = sales(1000, seed + 1)
    return model, float(np.sqrt(model.evaluate(represent(kind, cities, encoder), coats, verbose=0)))


def similarity(a: np.ndarray, b: np.ndarray) -> float:
    """Cosine of two vectors."""
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


def main() -> None:
    encoder = make_encoder()
    models = {kind: fit(kind, encoder) for kind in ("integer", "one-hot", "embedding")}
    print(f"Error of the coats predicted for other shops (the noise in the data is {NOISE}):\n")
    numbers = {"integer": "1", "one-hot": str(encoder.input_dim), "embedding": str(DIM)}
    print(plain_table(["the city as", "numbers", "error"], [[kind, numbers[kind], f"{error:.2f}"] for kind, (_, error) in models.items()]))

    learned = models["embedding"][0].layers[0].get_weights()[0]
    rows = []
    for pair in PAIRS:
        integers, one_hot = (represent(kind, list(pair), encoder) for kind in ("integer", "one-hot"))
        ids = represent("embedding", list(pair), encoder)[:, 0]
        distance, cosine = abs(integers[0, 0] - integers[1, 0]), similarity(*learned[ids])
        rows.append([" - ".join(pair), f"{distance:.0f}", f"{similarity(*one_hot):.2f}", f"{cosine:.2f}"])
    print("\nHow far apart are two cities?\n")
    print(aligned([["", "difference of integers", "cosine of one-hot", "cosine of embeddings"], *rows]))
    print(f"\nA city that is not in the list, 拉萨, gets the id {represent('embedding', ['拉萨'], encoder)[0, 0]} and a row of its own.")


if __name__ == "__main__":
    main()
