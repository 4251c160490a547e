"""Rows of a benchmark, on made-up numbers."""

import json
import math
from dataclasses import replace

import pytest

from w2v.comparison.measurements import Metric, add_run, losses, scaling, table_cells

SPEED = Metric("training", "speed", "words/s", dim=100, threads=2)
TIME = Metric("pipeline", "text to saved vectors", "s", higher=False, dim=100, threads=1)
SHARE = Metric("training", "share of the peak", "%")


def filled():
    rows = {}
    for ours, gensim in ((5e6, 4e5), (4e6, 5e5), (9e6, 1e5)):
        add_run(rows, SPEED, "w2v", ours)
        add_run(rows, SPEED, "gensim", gensim)
    add_run(rows, SHARE, "w2v", 44.0)
    add_run(rows, TIME, "w2v", 3.0)
    add_run(rows, TIME, "gensim", 30.0)
    add_run(rows, TIME, "pWord2Vec", 2.0)
    return list(rows.values())


def test_rows_stay_in_the_order_of_the_first_run():
    assert [row.metric for row in filled()] == [SPEED, SHARE, TIME]


def test_more_is_better_for_speed_and_less_for_time():
    speed, _, time = filled()
    assert speed.advantage("gensim") == 5e6 / 4e5
    assert time.advantage("gensim") == 10
    assert time.advantage("pWord2Vec") == 2 / 3


def test_where_we_lose():
    assert losses(filled()) == ["pipeline: text to saved vectors, dim 100, 1 thread: pWord2Vec is 1.50 times better"]


def test_an_equal_median_is_no_loss():
    rows = {}
    for tool in ("w2v", "gensim"):
        add_run(rows, SPEED, tool, 5.0)
    assert losses(rows.values()) == []


@pytest.mark.parametrize(("ours", "gensim"), [(0.0, 0.0), (0.0, 3.0), (3.0, 0.0)])
def test_what_the_system_does_not_tell_is_neither_a_win_nor_a_loss(ours, gensim):
    rows = {}
    add_run(rows, TIME, "w2v", ours)
    add_run(rows, TIME, "gensim", gensim)
    (row,) = rows.values()
    assert math.isnan(row.advantage("gensim"))
    assert losses([row]) == []
    assert row.to_json()["advantage"] == {}
    assert not table_cells([row])[1][0][-1].endswith("x")


def test_cells_have_median_deviation_and_advantage():
    head, table = table_cells(filled())
    assert head == ["measured", "dim", "threads", "unit", "w2v", "gensim", "pWord2Vec"]
    assert table == [
        ["training: speed", "100", "2", "words/s", "5.00M ± 80%", "400k ± 75%, 12.5x", "-"],
        ["training: share of the peak", "-", "-", "%", "44.0", "-", "-"],
        ["pipeline: text to saved vectors", "100", "1", "s", "3.00", "30.0, 10.0x", "2.00, 0.7x"],
    ]


def test_json_has_every_run():
    speed = json.loads(json.dumps([row.to_json() for row in filled()]))[0]
    assert speed == {
        "part": "training",
        "measure": "speed",
        "unit": "words/s",
        "better": "higher",
        "dim": 100,
        "threads": 2,
        "tools": {
            "w2v": {"median": 5e6, "lowest": 4e6, "highest": 9e6, "runs": [5e6, 4e6, 9e6]},
            "gensim": {"median": 4e5, "lowest": 1e5, "highest": 5e5, "runs": [4e5, 5e5, 1e5]},
        },
        "advantage": {"gensim": 12.5},
    }


def test_a_row_of_peers_alone_claims_nothing():
    rows = {}
    add_run(rows, SPEED, "gensim", 1.0)
    assert losses(rows.values()) == []
    assert table_cells(list(rows.values()))[1][0][-1] == "1.00"


def test_speeds_are_compared_over_numbers_of_threads():
    rows = {}
    for threads, speed in ((4, 30.0), (1, 10.0), (2, 21.0), (2, 19.0)):
        add_run(rows, replace(SPEED, threads=threads), "w2v", speed)
        add_run(rows, replace(SPEED, threads=threads, dim=300), "gensim", speed)
        add_run(rows, replace(TIME, threads=threads), "w2v", speed)
    times = replace(SPEED, name="times 1 thread", unit="x")
    assert scaling(rows.values()) == [(replace(times, threads=2), 2.0), (replace(times, threads=4), 3.0)]
