"""A corpus whose right answer is known: words of one topic stand together, words of different topics never do."""

import random

N_TOPICS, WORDS_EACH = 4, 12


def topic_lines(n_lines=1500, length=12, seed=0):
    """Lists of tokens such as t0w3: each line draws from one topic."""
    rng = random.Random(seed)
    return [[f"t{topic}w{rng.randrange(WORDS_EACH)}" for _ in range(length)] for topic in (rng.randrange(N_TOPICS) for _ in range(n_lines))]


def share_of_own_topic(vectors, n=5):
    """Mean share of a word's neighbors that are of its topic: 1 is perfect, 0.23 is chance."""
    shares = []
    for word in vectors.words:
        found = vectors.neighbors(word, n=n)
        shares.append(sum(neighbor.word[:2] == word[:2] for neighbor in found) / n)
    return sum(shares) / len(shares)


def write_lines(path, lines):
    path.write_text("".join(" ".join(line) + "\n" for line in lines), encoding="utf-8")
    return path
