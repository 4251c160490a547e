"""No file can make w2v run code: what could is not in its source."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "w2v"
FILES = sorted(SOURCE.rglob("*.py"))
MODULES = {"pickle", "cPickle", "_pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "copyreg"}
CALLS = {"eval", "exec", "compile", "__import__", "read_pickle", "to_pickle", "load_pickle"}


def findings(tree):
    """Lines and what is wrong with them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(alias.name for alias in node.names)]
        else:
            names = []
        yield from ((node.lineno, name) for name in names if MODULES & set(name.split(".")))
        if isinstance(node, ast.Call):
            function = node.func
            is_method = isinstance(function, ast.Attribute)
            name = function.attr if is_method else getattr(function, "id", "")
            if name in CALLS and not (name == "compile" and is_method):  # re.compile, and a specialization of numba's
                yield node.lineno, name
            if name == "import_module" and any(isinstance(part, ast.Constant) and part.value in MODULES for part in node.args):
                yield node.lineno, "import_module"
        if (
            isinstance(node, ast.keyword)
            and node.arg == "allow_pickle"
            and not (isinstance(node.value, ast.Constant) and node.value.value is False)
        ):
            yield node.lineno, "allow_pickle"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_no_pickle_marshal_eval_exec(path):
    assert list(findings(ast.parse(path.read_text()))) == []


@pytest.mark.parametrize(
    "code",
    [
        *("import pickle", "import marshal as m", "from pickle import load", "from numpy.lib import pickle", "eval('1')", "exec(code)"),
        *("__import__('os')", "compile(code, 'f', 'exec')", "np.load(path, allow_pickle=True)", "np.load(path, allow_pickle=yes)"),
        *("importlib.import_module('pickle')", "builtins.eval('1')", "pandas.read_pickle(path)"),
    ],
)
def test_the_search_finds(code):
    assert list(findings(ast.parse(code)))


def test_the_search_lets_pass():
    assert FILES
    assert not list(findings(ast.parse("re.compile('a'); np.load(path, allow_pickle=False); model.evaluate()")))
