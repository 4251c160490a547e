"""观影记录：看过的电影就是词，一次观影就是一句话。

Films in viewing sessions: a film is a word and a session a sentence, so skip-gram brings films near that the same people watch. Nothing
tells it about genres: 复仇者联盟 (The Avengers) comes near 钢铁侠 (Iron Man) and stays far from 乱世佳人 (Gone with the Wind).
"""

from __future__ import annotations

import numpy as np

import w2v
from w2v import CorpusConfig, TrainConfig, WordVectors
from w2v.text_tables import aligned
from w2v.training.model import Model, start_width

GENRES = {
    "superheroes": "复仇者联盟 钢铁侠 美国队长 雷神 蜘蛛侠 黑豹 绿巨人 蚁人",
    "classics": "乱世佳人 罗马假日 卡萨布兰卡 魂断蓝桥 傲慢与偏见 音乐之声 简爱 茶花女",
    "animation": "千与千寻 龙猫 狮子王 冰雪奇缘 哪吒之魔童降世 大鱼海棠 寻梦环游记 疯狂动物城",
}
PAIRS = (("复仇者联盟", "钢铁侠"), ("复仇者联盟", "乱世佳人"), ("乱世佳人", "罗马假日"), ("千与千寻", "龙猫"))
# Everything in a session is context of everything else: what was watched first says little.
CONFIG = TrainConfig(dim=8, window="session", epochs=20, seed=1)


def sessions(n: int = 3000, seed: int = 1) -> list[list[str]]:
    """3 to 6 films: mostly of one genre, now and then any film; a film may be watched again."""
    random = np.random.default_rng(seed)
    genres = [films.split() for films in GENRES.values()]
    every_film = [film for films in genres for film in films]
    watched = []
    for genre in random.integers(len(genres), size=n):
        films = [random.choice(every_film if random.random() < 0.15 else genres[genre]) for _ in range(random.integers(3, 7))]
        watched.append(list(map(str, films)))
    return watched


def before_and_after() -> tuple[WordVectors, WordVectors]:
    """The random vectors that training starts from, and what it makes of them."""
    vectors = w2v.train(sessions(), CONFIG, corpus_config=CorpusConfig(tokenizer="items", min_count=1), threads=1).vectors
    start = Model.start(len(vectors), CONFIG.dim, CONFIG.seed, start_width("items"))
    return WordVectors(vectors.vocabulary, start.input_vectors), vectors


def main() -> None:
    for session in sessions()[:3]:
        print("a session:", " ".join(session))
    before, after = before_and_after()
    rows = [[f"{a} - {b}", f"{before.similarity(a, b):6.2f}", f"{after.similarity(a, b):6.2f}"] for a, b in PAIRS]
    print("\nSimilarity\n")
    print(aligned([["", "before", " after"], *rows]))
    print("\nNearest neighbors\n")
    films = [films.split()[0] for films in GENRES.values()]
    print(aligned([[film, "  ".join(f"{found.word} {found.similarity:.2f}" for found in after.neighbors(film, n=4))] for film in films]))


if __name__ == "__main__":
    main()
