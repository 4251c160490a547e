"""苹果和梨：独热编码说毫不相干，词向量说很相近。

Apples and pears: one-hot vectors of any two words have similarity 0. Vectors that were trained on sentences, segmented by rjieba, know
that 苹果 (apple) and 梨 (pear) are bought, eaten and sold alike, and that a 汽车 (car) is not.
"""

from __future__ import annotations

import numpy as np

import w2v
from w2v import CorpusConfig, TrainConfig, WordVectors
from w2v.text_tables import aligned

FRUIT, VEHICLES = ("苹果", "梨", "桃子", "葡萄", "香蕉"), ("汽车", "火车", "飞机", "公交车", "地铁")
ABOUT_FRUIT = (
    "妈妈在市场买了新鲜的{}",
    "这个{}又甜又多汁",
    "秋天果园里的{}熟了",
    "孩子们喜欢吃{}和酸奶",
    "请把{}洗干净再吃",
    "今天超市的{}很便宜",
)
ABOUT_VEHICLES = (
    "我们坐{}去北京出差",
    "这趟{}开得很快",
    "司机说{}晚点了",
    "早上上班的{}非常拥挤",
    "他在车站等{}等了很久",
    "下雨天{}跑得慢",
)
CONFIG = CorpusConfig(tokenizer="chinese", min_count=1)


def sentences(n: int = 6000, seed: int = 1) -> list[str]:
    """Chinese as people write it, without spaces."""
    random = np.random.default_rng(seed)
    kinds = ((FRUIT, ABOUT_FRUIT), (VEHICLES, ABOUT_VEHICLES))
    return [str(random.choice(frames)).format(random.choice(words)) for words, frames in (kinds[k] for k in random.integers(2, size=n))]


def train(seed: int = 1) -> WordVectors:
    """Vectors of the words that rjieba finds in the sentences."""
    tokenizer = w2v.make_tokenizer(CONFIG)
    segmented = [tokenizer.split(sentence) for sentence in sentences()]
    return w2v.train(segmented, TrainConfig(dim=20, sample=0, seed=seed), corpus_config=CONFIG, threads=1).vectors


def one_hot_vectors(vectors: WordVectors) -> WordVectors:
    """As many numbers as there are words, a single 1 in each row."""
    return WordVectors(vectors.vocabulary, np.eye(len(vectors), dtype=np.float32))


def main() -> None:
    for sentence in sentences()[:3]:
        print(sentence, "->", " ".join(w2v.make_tokenizer(CONFIG).split(sentence)))
    vectors = train()
    one_hot = one_hot_vectors(vectors)
    rows = [[f"{a} - {b}", f"{one_hot.similarity(a, b):7.2f}", f"{vectors.similarity(a, b):7.2f}"] for a, b in
            (("苹果", "梨"), ("苹果", "汽车"), ("汽车", "火车"))]  # fmt: skip
    print(f"\nCosine similarity, one-hot of {one_hot.dim} numbers a word and trained vectors of {vectors.dim}\n")
    print(aligned([["", "one-hot", "trained"], *rows]))
    print("\n苹果:", "  ".join(f"{found.word} {found.similarity:.2f}" for found in vectors.neighbors("苹果", n=4)))


if __name__ == "__main__":
    main()
