"""The model card: what it tells, and that no word or path can break out of its tables."""

import numpy as np

import w2v
from w2v.formats.folders.model_card import write

MANIFEST = {
    "corpus": {"n_tokens": 470988, "n_sentences": 406, "sources": [{"path": "wiki.txt", "size": 12, "sha256": "ab" * 32}, {"path": None}]},
    "train_config": {"dim": 2, "window": 5, "early_stop": None},
    "report": {"words_per_second": 2304005.9, "seconds": {"read": 1.12, "train": 4.09}, "loss": [2.86, 2.5]},
    "versions": {"w2v": "0.1.0"},
    "files": {"input_vectors.npy": {"size": 3927728, "sha256": "cd" * 32}},
}
CARD = """\
# card

Word vectors: 2 words, 2 dimensions, float32.

## Corpus

|  |  |
| --- | --- |
| tokens | 470,988 |
| sentences | 406 |
| source | `wiki.txt` |
| size | `12` |
| sha256 | `abababababababababababababababababababababababababababababababab` |
| source | `a stream` |
| first words | `king`, `queen` |

## Text settings

Not known.

## Training settings

|  |  |
| --- | --- |
| dim | `2` |
| window | `5` |

## Training

|  |  |
| --- | --- |
| words per second | 2,304,006 |
| seconds | read 1.1, train 4.1 |
| loss by epoch | 2.8600 2.5000 |

## Scores

Not known.

## Versions

|  |  |
| --- | --- |
| w2v | `0.1.0` |

## Files

| file | bytes | sha256 |
| --- | --- | --- |
| `input_vectors.npy` | 3,927,728 | `cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd` |

## Use

```python
import w2v

vectors = w2v.load("PATH")
vectors.neighbors('king')
```
"""


def vectors_of(*words):
    return w2v.WordVectors(w2v.Vocabulary(words, [1] * len(words)), np.ones((len(words), 2), np.float32))


def test_card(tmp_path):
    write(vectors_of("king", "queen"), tmp_path / "card.md", MANIFEST)
    assert (tmp_path / "card.md").read_text() == CARD


def test_without_a_manifest_it_says_so(tmp_path):
    w2v.save(vectors_of("king"), tmp_path / "card.md")
    assert (tmp_path / "card.md").read_text().count("Not known.") == 6


def test_words_stay_in_their_cell(tmp_path):
    words = ["a|b", "`x`", "``", "<script>alert(1)</script>", "line\nbreak", "\u2028", "\ud800", "[a](http://b)", "|"]
    write(vectors_of(*words), tmp_path / "card.md")
    (line,) = [line for line in (tmp_path / "card.md").read_text().splitlines() if line.startswith("| first words")]
    assert line == (
        "| first words | `a\\|b`, `` `x` ``, ``` `` ```, `<script>alert(1)</script>`, `line\\nbreak`, `\\u2028`, `\\ud800`, "
        "`[a](http://b)`, `\\|` |"
    )
