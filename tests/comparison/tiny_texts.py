"""Tiny texts for the reports, and a stand-in for a peer's binary."""

import random
import sys

# Words of the evaluation sets, so that a few pairs and questions are covered.
WORDS = [
    "king", "queen", "man", "woman", "boy", "girl", "athens", "greece", "paris", "france", "tiger", "cat", "money", "cash", "train", "car",
    "old", "new", "smart", "intelligent", "hard", "difficult",
]  # fmt: skip


def write_text(path, n_lines=400, line_words=12, seed=1):
    """Lines of random words of `WORDS`."""
    draw = random.Random(seed)
    path.write_text("".join(" ".join(draw.choices(WORDS, k=line_words)) + "\n" for _ in range(n_lines)), encoding="utf-8")
    return path


def write_fake_binary(path, exit_code=0):
    """A program that takes the options of word2vec.c or fastText, notes them in ``path.calls`` and writes what ``-output`` names."""
    path.write_text(
        f"#!{sys.executable}\n"
        "import sys\n"
        "options = sys.argv[1:]\n"
        "with open(__file__ + '.calls', 'a') as calls:\n"
        "    print(*options, file=calls)\n"
        "open(options[options.index('-output') + 1], 'w').write('vectors')\n"
        "print('no memory left')\n"
        f"sys.exit({exit_code})\n"
    )
    path.chmod(0o755)
    return path
