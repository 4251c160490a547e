"""The recipes as modules."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

FOLDER = Path(__file__).parents[2] / "scripts" / "recipes"
NAMES = sorted(path.stem for path in FOLDER.glob("*.py"))


def load_recipe(name: str) -> ModuleType:
    """Import a recipe without running it."""
    known = f"recipe_{name}"
    if known not in sys.modules:
        spec = importlib.util.spec_from_file_location(known, FOLDER / f"{name}.py")
        sys.modules[known] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[known])
    return sys.modules[known]
