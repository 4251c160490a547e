"""What graphs cost: reading, walks and training, each in a process of its own, as seconds and memory; pecanpy beside it, if it is named.

    python scripts/graph_speed.py my.edges                                     stages, on a graph of your own
    python scripts/graph_speed.py 10000:200000 100000:2000000                  on generated graphs of so many nodes and edges
    python scripts/graph_speed.py my.edges --peer .venv-pecanpy/bin/pecanpy    and pecanpy's stages (pip install 'w2v[graph-peers]' there)
    python scripts/graph_speed.py my.edges --peer … --labels my.labels         and F1 of the labels of nodes, of both

Processor seconds are those of all threads, and tell more than the clock where others use the machine as well. pecanpy wants tabs.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from generate_graph import write_graph

import w2v
from w2v.graphs.node_labels import evaluate_node_labels, read_node_labels
from w2v.machine import PeakMemory, describe_machine, machine_line, usable_cores
from w2v.text_tables import markdown_table

HEAD = ["graph", "", "seconds", "processor s", "peak MB of the process"]
ORDERS = {"first order": (1.0, 1.0), "second order": (0.5, 2.0)}  # p and q
_TIMED = re.compile(rb"Took (\d+):(\d+):([\d.]+) to (.+)")  # as pecanpy prints it


def measure_stages(graph: Path, options: argparse.Namespace) -> Iterator[list[str]]:
    """Rows of our stages."""
    for stage in ("read", *(f"walk, {order}" for order in ORDERS), "train while walking"):
        with tempfile.TemporaryDirectory(prefix="w2v-graph-speed-") as folder:
            out = Path(folder, "result.json")
            command = [sys.executable, __file__, str(graph), "--stage", stage, "--result", str(out), *own_arguments(options)]
            peak, *_ = run(command)
            found = json.loads(out.read_text())
            yield [graph.name, f"w2v: {stage}{found['note']}", f"{found['wall']:.1f}", f"{found['processor']:.1f}", f"{peak / 1e6:,.0f}"]


def own_arguments(options: argparse.Namespace) -> list[str]:
    named = ("walks_per_node", "walk_length", "dim", "window", "epochs", "threads")
    return [text for name in named for text in (f"--{name.replace('_', '-')}", str(getattr(options, name)))]


def run_stage(options: argparse.Namespace) -> None:
    """One stage, in this process; what comes before it is not in its time."""
    walks = w2v.WalkConfig(walks_per_node=options.walks_per_node, walk_length=options.walk_length)
    compile_kernels(options)
    graph_path, stage = options.graphs[0], options.stage
    note, work = "", lambda: w2v.as_graph(graph_path, threads=options.threads)
    if stage != "read":
        graph = work()
        if stage.startswith("walk"):
            p, q = ORDERS[stage.partition(", ")[2]]
            note, work = f", {options.walks_per_node} of each node", lambda: walk(graph, walks, p, q, options.threads)
        else:
            note = f", {options.epochs} epoch of {options.walks_per_node} walks"
            work = lambda: train(graph, walks, options)  # noqa: E731
    wall, processor = timed(work)
    options.result.write_text(json.dumps({"wall": wall, "processor": processor, "note": note}))


def compile_kernels(options: argparse.Namespace) -> None:
    small = w2v.as_graph([("a", "b"), ("b", "c")])
    for p, q in ORDERS.values():
        walk(small, w2v.WalkConfig(walks_per_node=1), p, q, 1)
    train(small, w2v.WalkConfig(walks_per_node=1), options)


def walk(graph: w2v.Graph, config: w2v.WalkConfig, p: float, q: float, threads: int) -> None:
    config = w2v.WalkConfig(walks_per_node=config.walks_per_node, walk_length=config.walk_length, p=p, q=q)
    with tempfile.TemporaryDirectory(prefix="w2v-graph-speed-") as folder:
        w2v.write_walks(graph, Path(folder, "walks"), config, threads=threads)


def train(graph: w2v.Graph, config: w2v.WalkConfig, options: argparse.Namespace) -> None:
    corpus = w2v.walks_on_the_fly(graph, config, threads=options.threads)
    w2v.train(corpus, dim=options.dim, window=options.window, epochs=options.epochs, threads=options.threads)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of the clock, and of all processors."""
    began, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - busy


def run(command: list[str]) -> tuple[int, float, float, bytes]:
    """Peak of memory in bytes, seconds, processor seconds, and what was printed."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        with PeakMemory(process.pid) as peak:
            code = process.wait()
        output.seek(0)
        printed = output.read()
    if code:
        sys.exit(f"{' '.join(command[:4])} ended with {code}: {printed.decode(errors='replace')[-500:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return peak.anonymous, time.perf_counter() - began, busy, printed


def measure_whole(graph: Path, options: argparse.Namespace) -> Iterator[list[str]]:
    """Rows of whole programs, from the file of edges to saved vectors, of first and of second order."""
    labels = None if options.labels is None else read_node_labels(options.labels)
    for order, (p, q) in ORDERS.items():
        with tempfile.TemporaryDirectory(prefix="w2v-graph-speed-") as folder:
            ours, peers = Path(folder, "model"), Path(folder, "vectors.vec")
            commands = {
                "w2v": (our_command(graph, ours, p, q, options), ours),
                "pecanpy": (peer_command(graph, peers, p, q, options), peers),
            }
            for tool, (command, out) in commands.items():
                peak, wall, busy, printed = run(command)
                found = scores(w2v.load(out), labels)
                yield [graph.name, f"{tool}: whole, {order}{found}", f"{wall:.1f}", f"{busy:.1f}", f"{peak / 1e6:,.0f}"]
                for hours, minutes, seconds, what in _TIMED.findall(printed):
                    took = 3600 * int(hours) + 60 * int(minutes) + float(seconds)
                    yield [graph.name, f"{tool}: {what.decode().strip()}, {order}", f"{took:.1f}", "", ""]


def scores(vectors: w2v.WordVectors, labels: Any) -> str:
    if labels is None:
        return ""
    found = evaluate_node_labels(vectors, labels, n_seeds=3)
    return f", micro F1 {sum(found.micro) / 3:.3f}, macro F1 {sum(found.macro) / 3:.3f}"


def our_command(graph: Path, out: Path, p: float, q: float, options: argparse.Namespace) -> list[str]:
    own = [sys.executable, "-m", "w2v", "train", str(graph), "--walks-on-the-fly", "--out", str(out), "--p", str(p), "--q", str(q)]
    return [*own, *own_arguments(options)]


def peer_command(graph: Path, out: Path, p: float, q: float, options: argparse.Namespace) -> list[str]:
    settings = {
        "input": graph, "output": out, "mode": "FirstOrderUnweighted" if p == q == 1 else "SparseOTF", "p": p, "q": q,
        "dimensions": options.dim, "walk-length": options.walk_length, "num-walks": options.walks_per_node,
        "window-size": options.window, "epochs": options.epochs, "workers": options.threads,
    }  # fmt: skip
    return [str(options.peer), *(text for name, value in settings.items() for text in (f"--{name}", str(value)))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("graphs", nargs="+", metavar="FILE|NODES:EDGES")
    defaults = {"walks-per-node": 10, "walk-length": 80, "dim": 128, "window": 10, "epochs": 1, "threads": usable_cores()}
    for name, default in defaults.items():
        parser.add_argument(f"--{name}", type=int, default=default, help="[%(default)s]")
    parser.add_argument("--peer", type=Path, help="the program pecanpy: both tools are measured as a whole, instead of our stages")
    parser.add_argument("--labels", type=Path, help="lines of a node and its labels, for F1")
    parser.add_argument("--stage", help=argparse.SUPPRESS)
    parser.add_argument("--result", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.stage:
        run_stage(options)
        return
    rows: list[list[str]] = []
    for named in options.graphs:
        with tempfile.TemporaryDirectory(prefix="w2v-graph-speed-") as folder:
            graph = Path(named)
            if re.fullmatch(r"\d+:\d+", named):
                n_nodes, n_edges = map(int, named.split(":"))
                graph = Path(folder, f"{n_nodes:,} nodes, {n_edges:,} edges")
                write_graph(graph, n_nodes, n_edges)
            for row in (measure_stages if options.peer is None else measure_whole)(graph, options):
                rows.append(row)
                print(*row, sep="\t", file=sys.stderr, flush=True)
    print(machine_line(describe_machine()), end="\n\n")
    print(markdown_table(HEAD, rows))


if __name__ == "__main__":
    main()
