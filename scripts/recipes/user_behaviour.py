"""用户行为：事件就是词，先后次序决定结果。

User behaviour: a visit is a sequence of events, page views and how far somebody scrolled. Whoever reads far and sees an offer after that
buys. Trees and an SVM get to see how often each event occurs, networks their order.
"""

from __future__ import annotations

import numpy as np

import w2v
from w2v import CorpusConfig, TrainConfig
from w2v.downstream import TextClassifier, TextEncoder
from w2v.text_tables import plain_table

TYPES, PORTALS = ("home", "article", "offer", "help"), ("north", "south")
VISITS, NOISE = 2000, 0.03


def scrolled(pixels: float) -> str:
    """Steps of 500 pixels: a number for itself would be a word for itself."""
    step = int(pixels) // 500 * 500
    return f"scrolled {step}-{step + 500} pixels"


def visits(seed: int = 1) -> tuple[list[list[str]], np.ndarray]:
    """Visits of 6 to 14 events, and who bought: an offer was seen after scrolling 2,500 pixels or more; 3 % decide otherwise."""
    random = np.random.default_rng(seed)
    events, bought = [], []
    for _ in range(VISITS):
        visit, has_read, buys = [], False, False
        for _ in range(random.integers(6, 15)):
            if random.random() < 0.4:
                pixels = random.gamma(2, 900)
                visit.append(scrolled(pixels))
                has_read |= pixels >= 2500
            else:
                kind, portal = random.choice(TYPES), random.choice(PORTALS)
                visit.append(f"page view type {kind} portal {portal}")
                buys |= kind == "offer" and has_read
        events.append(visit)
        bought.append(buys != (random.random() < NOISE))
    return events, np.array(bought)


def compare() -> dict[str, float]:
    """Accuracy of each model on the last quarter of the visits."""
    from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
    from sklearn.svm import SVC

    events, bought = visits()
    cut = VISITS * 3 // 4
    corpus_config = CorpusConfig(tokenizer="items", min_count=1)
    vectors = w2v.train(events[:cut], TrainConfig(dim=16, window=3, epochs=5), corpus_config=corpus_config, threads=1).vectors
    accuracy = {}
    for head, name in (("lstm", "LSTM"), ("gru", "GRU"), ("flatten", "dense net")):
        network = TextClassifier(vectors, head=head, units=32, length=14, epochs=8, learning_rate=0.005, patience=None)
        accuracy[f"{name} on embeddings"] = float(network.fit(events[:cut], bought[:cut]).score(events[cut:], bought[cut:]))
    ids = TextEncoder(vectors).encode(events)
    counts = np.array([np.bincount(row, minlength=len(vectors) + 2)[1:] for row in ids])  # without the padding
    for trees in (GradientBoostingClassifier(random_state=1), RandomForestClassifier(random_state=1), SVC()):
        accuracy[f"{type(trees).__name__} on counts"] = float(trees.fit(counts[:cut], bought[:cut]).score(counts[cut:], bought[cut:]))
    return accuracy


def main() -> None:
    events, bought = visits()
    for visit, buys in zip(events[:2], bought, strict=False):
        print(f"{'; '.join(visit)}: {'bought' if buys else 'did not buy'}\n")
    accuracy, nobody = compare(), 1 - bought[VISITS * 3 // 4 :].mean()
    print(f"Accuracy on {VISITS // 4} visits not trained on ({NOISE:.0%} of them noise; 'nobody buys' gets {nobody:.0%}):\n")
    print(plain_table(["", "accuracy"], [[name, f"{value:.1%}"] for name, value in accuracy.items()]))


if __name__ == "__main__":
    main()
