"""README, CONTRIBUTING, docs and recipes: the house is drawn as it is, and code that people copy imports public names only."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import w2v

ROOT = Path(__file__).parent.parent
PACKAGES = sorted(path.parent.name for path in (ROOT / "w2v").glob("*/__init__.py"))
MODULES = sorted(path.stem for path in (ROOT / "w2v").glob("*.py") if path.stem != "__init__")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
RECIPES = sorted((ROOT / "scripts" / "recipes").glob("*.py"))
PUBLIC = {f"w2v.{name}" for name in w2v._PACKAGES}
NOT_YET_PUBLIC = {"aligned", "plain_table", "draw_word_map", "project", "Model", "start_width"}  # which recipes use nevertheless


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def layers() -> list[str]:
    (contract,) = [
        entry for entry in tomllib.loads(text("pyproject.toml"))["tool"]["importlinter"]["contracts"] if entry["containers"] == ["w2v"]
    ]
    assert contract["exhaustive"]
    return contract["layers"]


def test_the_picture_of_the_arrows_is_the_contract() -> None:
    (picture,) = re.findall(r"```\n(__main__\n.*?)\n```", text("CONTRIBUTING.md"), re.DOTALL)
    assert [re.split(r"  +", line)[0] for line in picture.split("\n")] == layers()


def test_the_picture_names_every_package_and_module() -> None:
    assert sorted(re.findall(r"\w+", " ".join(layers()))) == sorted([*PACKAGES, *MODULES])


def test_the_tree_of_folders_is_the_true_one() -> None:
    (tree,) = re.findall(r"```\n(w2v/corpus/.*?)\n```", text("README.md"), re.DOTALL)
    assert sorted(re.findall(r"w2v/(\w+)/", tree)) == PACKAGES
    for folder in re.findall(r"(?:^|  )(\w+)/", tree):
        assert (ROOT / folder).is_dir() or list((ROOT / "w2v").glob(f"*/{folder}")), folder


def imports(code: str) -> Iterator[tuple[str, str]]:
    """(module, name) of each import of ours."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names if alias.name.startswith("w2v"))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("w2v"):
            yield from ((node.module or "", alias.name) for alias in node.names)


def private(code: str) -> set[str]:
    """Names that a program takes from modules that are not public, or that a public module does not show."""
    found = set()
    for module, name in imports(code):
        if module != "w2v" and module not in PUBLIC:
            found.add(name or module)
        elif name and name not in dir(w2v if module == "w2v" else getattr(w2v, module.removeprefix("w2v."))):
            found.add(name)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_import_public_names_only(page: Path) -> None:
    content = page.read_text(encoding="utf-8")
    for block in re.findall(r"```python\n(.*?)```", content, re.DOTALL):
        if ">>> " in block:
            block = "\n".join(line[4:] for line in block.split("\n") if line.startswith((">>> ", "... ")))
        assert private(block) == set()
    assert re.findall(r"`from w2v\.(?!downstream|errors)[\w.]+ import", content) == []


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_recipes_import_public_names_only(recipe: Path) -> None:
    assert private(recipe.read_text(encoding="utf-8")) <= NOT_YET_PUBLIC


def test_every_page_of_the_documents_is_linked() -> None:
    everything = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [page.name for page in PAGES[1:] if f"({page.name})" not in everything and f"(docs/{page.name}" not in everything] == []
