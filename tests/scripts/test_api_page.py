"""docs/api.md is what scripts/api_page.py writes: every public name and signature, with examples that run."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from fasttext_files import fasttext_bytes

import w2v
from w2v import downstream

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("api_page", ROOT / "scripts" / "api_page.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my.txt").write_text("the king and the queen\nsalt and pepper of a man or a woman\n" * 200)
    (tmp_path / "customers.csv").write_text("city,age\n" + "Rome,33\nOslo,41\n" * 20)
    (tmp_path / "pairs.tsv").write_text("king\tqueen\t9\nking\tsalt\t1\nman\twoman\t8\n")
    (tmp_path / "cc.de.300.bin").write_bytes(fasttext_bytes())
    return tmp_path


@pytest.mark.medium
def test_the_page_is_what_the_script_writes(script: ModuleType) -> None:
    assert script.page() == TEXT, "run scripts/api_page.py"


def test_the_page_has_every_public_name_and_no_other() -> None:
    names = [f"{module.__name__}.{name}" for module in (w2v, downstream) for name in module.__all__]
    assert sorted(re.findall(r"^### `([\w.]+)`$", TEXT, re.MULTILINE)) == sorted(names)


@pytest.mark.long
@pytest.mark.usefixtures("folder")
def test_the_examples_run(script: ModuleType) -> None:
    session: dict[str, object] = {"w2v": w2v}
    for name, example in script.EXAMPLES["w2v"].items():
        *lines, last = example.split("\n")
        exec("\n".join(lines), session)
        if "  # " in last:
            assert eval(last, session) == eval(last.partition("  # ")[2], session), name
        else:
            exec(last, session)
    assert list(session["loaded"]) == list(session["vectors"])


@pytest.mark.slow
@pytest.mark.usefixtures("folder")
def test_the_examples_with_keras_run(script: ModuleType) -> None:
    session: dict[str, object] = {"w2v": w2v}
    for module in ("w2v", "w2v.downstream"):
        for example in script.EXAMPLES[module].values():
            exec(example, session)
