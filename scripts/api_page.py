"""Write docs/api.md: every public name with its signature, what it is in one sentence, and an example.

Signatures and sentences are those of the code; the examples stand here, and a test runs them from top to bottom.
"""

import ast
import dataclasses
import functools
import inspect
import re
import sys
import textwrap
from pathlib import Path
from types import ModuleType
from typing import Any

import w2v
from w2v import downstream, errors

PAGE = Path(__file__).parent.parent / "docs" / "api.md"
HEAD = """# Every public name

Written by `scripts/api_page.py` from the code. What is not on this page is private and may change with any release. `help(w2v.train)` says
more: parameters, shapes, what is raised. The examples are one session.
"""
EXAMPLES = {
    "w2v": {
        "TrainConfig": "config = w2v.TrainConfig(dim=50, epochs=3)",
        "CorpusConfig": 'reading = w2v.CorpusConfig(tokenizer="words", min_count=2)',
        "train": 'model = w2v.train("my.txt", config, corpus_config=reading, out="my.w2v", threads=1)',
        "TrainedModel": 'model.vectors, model.report["words_per_second"]',
        "Hooks": 'w2v.train("my.txt", config, hooks=w2v.Hooks(on_message=print))',
        "encode": 'corpus = w2v.encode("my.txt", "my.corpus", reading)',
        "EncodedCorpus": 'w2v.EncodedCorpus.open("my.corpus").n_tokens',
        "make_tokenizer": 'w2v.make_tokenizer(reading).split("The king and the Queen.")  # ["the", "king", "and", "the", "queen"]',
        "Categories": 'w2v.Categories(("city", "age"), {"age": (30.0,)}).tokens({"city": "Rome", "age": 33})  # ["city=Rome", "age=30.."]',
        "read_categories": 'categories, rows = w2v.read_categories("customers.csv")',
        "Vocabulary": 'model.vocabulary.index("king")',
        "WordVectors": 'vectors = model.vectors\nvectors["king"], vectors.similarity("king", "queen")',
        "Neighbor": '[neighbor.word for neighbor in vectors.neighbors("king", n=5) if neighbor.similarity > 0.5]',
        "save": 'w2v.save(vectors, "my.vec.gz")',
        "load": 'loaded = w2v.load("my.vec.gz", limit=10_000)',
        "load_model": 'w2v.load_model("my.w2v", verify=True).output_vectors.shape',
        "load_subwords": 'w2v.load_subwords("cc.de.300.bin").vector("Wortvektorenfreund")',
        "PairSet": 'judged = w2v.PairSet("royals", (("king", "queen", 9.1), ("king", "salt", 0.4), ("queen", "salt", 0.8)))',
        "AnalogySet": 'asked = w2v.AnalogySet("royals", ("sexes",), ((0, "man", "woman", "king", "queen"),))',
        "read_set": 'w2v.train("my.txt", config, evaluate=[w2v.read_set("pairs.tsv")])',
        "evaluate": '[(found.name, found.score, found.interval) for found in w2v.evaluate(vectors, [judged, asked, "pairs.tsv"])]',
        "write_report": 'w2v.write_report("my.w2v", "my.html")',
        "W2VError": "issubclass(w2v.errors.FormatError, w2v.W2VError)",
        "as_graph": 'graph = w2v.as_graph([("ann", "bob"), ("bob", "cid"), ("cid", "ann")])',
        "Graph": "graph.names, graph.n_edges",
        "write_walks": 'walks = w2v.write_walks(graph, "friends.corpus", w2v.WalkConfig(walk_length=20))',
        "WalkConfig": "w2v.WalkConfig(p=0.5, q=2)",
        "walks_on_the_fly": "w2v.train(w2v.walks_on_the_fly(graph), dim=20, window=5, epochs=1).vectors",
        "downstream": "encoder = w2v.downstream.TextEncoder(vectors)",
        "errors": 'w2v.errors.UnknownWordError("kign", ["king"]).close_matches',
        "__version__": "w2v.__version__",
    },
    "w2v.downstream": {
        "TextEncoder": 'encoder = w2v.downstream.TextEncoder(vectors)\nids = encoder.encode(["The king.", "Salt and salt."])',
        "TextVectorizer": 'rows = w2v.downstream.TextVectorizer(vectors).fit_transform(["The king.", "Salt and salt."])',
        "embedding_layer": "layer = w2v.downstream.embedding_layer(vectors, encoder, trainable=True)",
        "fine_tuned_vectors": "w2v.downstream.fine_tuned_vectors(layer, encoder)",
        "check_ids": "w2v.downstream.check_ids(ids, layer)",
        "pad_sequences": "w2v.downstream.pad_sequences([[1, 2, 3], [4]], maxlen=3)",
        "one_hot": 'w2v.downstream.one_hot("Well done!", 50)',
        "load_keras": "keras = w2v.downstream.load_keras()",
        "TextClassifier": 'classifier = w2v.downstream.TextClassifier(vectors).fit(["good king", "bad salt"] * 20, ["yes", "no"] * 20)',
        "compare": 'w2v.downstream.compare(vectors, (["good king", "bad salt"] * 20, ["yes", "no"] * 20), n_seeds=1)',
        "Recommender": "w2v.downstream.Recommender(n_users=2, n_items=3)",
    },
}


class _Annotation(str):
    """An annotation as it stands in the code, without quotes."""

    def __repr__(self) -> str:
        return str(self)


def _annotations(value: Any) -> dict[str, str]:
    """Types of parameters, fields and of what is returned as the code spells them: every Python and numpy prints them in its own way."""
    if not isinstance(value, type):
        return _written(_tree(inspect.unwrap(value)))
    found = {}
    for base in reversed(value.__mro__):
        for node in _tree(base).body if base.__module__.startswith("w2v.") else ():
            if isinstance(node, ast.AnnAssign):
                found[ast.unparse(node.target)] = ast.unparse(node.annotation)
            elif isinstance(node, ast.FunctionDef) and node.name == "__init__":
                found |= _written(node)
    return found


def _tree(value: Any) -> Any:
    return ast.parse(textwrap.dedent(inspect.getsource(value))).body[0]


def _written(function: ast.FunctionDef) -> dict[str, str]:
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg]
    nodes = {argument.arg: argument.annotation for argument in named if argument is not None}
    return {name: ast.unparse(node) for name, node in {**nodes, "return": function.returns}.items() if node is not None}


def signature(name: str, value: Any, longest: int = 110) -> str:
    """Parameters, types and defaults; a parameter a line where they are long."""
    found = inspect.signature(value)
    written = _annotations(value)
    parts: list[str] = []
    for parameter in found.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in parts:
            parts.append("*")
        if parameter.name in written:
            parameter = parameter.replace(annotation=_Annotation(written[parameter.name]))
        if parameter.name != "self":
            parts.append(re.sub("<function .*>", "…", str(parameter)))
    returned = f" -> {written['return']}" if inspect.isroutine(value) else ""
    line = f"{name}({', '.join(parts)}){returned}"
    return line if len(line) <= longest else "\n".join([f"{name}(", *(f"    {part}," for part in parts), f"){returned}"])


def sentence(value: Any) -> str:
    """The first paragraph of a docstring."""
    return inspect.cleandoc(value.__doc__ or "").split("\n\n")[0].replace("\n", " ")


def entry(module: ModuleType, name: str) -> str:
    """What the page says of a name."""
    value = getattr(module, name)
    dotted = f"{module.__name__}.{name}"
    lines = [f"### `{dotted}`\n", "The version.\n" if isinstance(value, str) else f"{sentence(value)}\n"]
    if callable(value) and not (isinstance(value, type) and issubclass(value, Exception)):
        lines.append(f"```text\n{signature(name, value)}\n```\n")
    lines.append(f"```python\n{EXAMPLES[module.__name__][name]}\n```\n")
    if isinstance(value, type):
        lines.append(members(value))
    return "\n".join(line for line in lines if line)


def members(value: type) -> str:
    """Options of a config; methods and properties of any other class."""
    if value in (w2v.CorpusConfig, w2v.TrainConfig):
        return "".join(f"- `{field.name}`: {field.metadata['help']}\n" for field in dataclasses.fields(value))
    found = []
    for name, member in vars(value).items():
        plain = member.__func__ if isinstance(member, classmethod) else member
        is_shown = inspect.isfunction(plain) or isinstance(plain, property | functools.cached_property)
        if name.startswith("_") or name in getattr(value, "__dataclass_fields__", ()) or not is_shown:
            continue
        called = signature(name, getattr(value, name), sys.maxsize) if inspect.isfunction(plain) else name
        found.append(f"- `{called}`: {sentence(plain)}\n")
    return "".join(found)


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for module in (w2v, downstream):
        examples = EXAMPLES[module.__name__]
        unknown = set(module.__all__) ^ set(examples)
        if unknown:
            raise SystemExit(f"each public name, and no other, must have an example in scripts/api_page.py: {', '.join(sorted(unknown))}")
        parts += [f"## {module.__name__}\n", *(entry(module, name) for name in examples)]
    tree = inspect.cleandoc(errors.__doc__ or "")
    parts += ["## w2v.errors\n", f"```text\n{tree}\n```\n"]
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
