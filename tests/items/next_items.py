"""Sequences whose next item is known: walks around one of a few rings, so that neighbors in the ring follow each other."""

import random

N_RINGS, RING = 4, 8


def walks(n=300, length=5, seed=1):
    """Lists of items such as r1i3; an item is followed by the next one of its ring."""
    draw = random.Random(seed)
    starts = ((draw.randrange(N_RINGS), draw.randrange(RING)) for _ in range(n))
    return [[f"r{ring}i{(start + step) % RING}" for step in range(length)] for ring, start in starts]


def write_walks(path, **options):
    path.write_text("".join(" ".join(walk) + "\n" for walk in walks(**options)), encoding="utf-8")
    return path
