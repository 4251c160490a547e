"""Makefile, markers, hooks and workflows agree: each target that something calls is there, each marker is run by one."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE))
CALLERS = [".ci/run", ".pre-commit-config.yaml", ".github/workflows/checks.yml", "README.md", "CONTRIBUTING.md", "SECURITY.md"]


def test_every_target_is_phony_and_has_a_line_of_help():
    declared = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)[1].split()
    assert sorted(declared) == sorted(TARGETS)


@pytest.mark.parametrize("path", CALLERS)
def test_every_target_that_is_called_exists(path):
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    calls = [re.search(r"(?:^|run: |entry: |`)make((?: [a-z-]+)+)", line) for line in lines]
    called = {target for call in calls if call for target in call[1].split()}
    assert called
    assert called <= TARGETS


def test_every_marker_is_left_out_or_run_by_name():
    with (ROOT / "pyproject.toml").open("rb") as file:
        markers = {line.split(":")[0] for line in tomllib.load(file)["tool"]["pytest"]["ini_options"]["markers"]}
    groups = dict(re.findall(r"^(BY_HAND|MARKED|MEDIUM) := (.*)$", MAKEFILE, re.MULTILINE))
    assert set(re.split(r" or ", " or ".join(groups.values()))) == markers
    assert {name for name in markers if f"-m {name}" in MAKEFILE} == {"slow", "torture", "peers"}


@pytest.mark.parametrize("path", [".pre-commit-config.yaml", ".github/workflows/checks.yml"])
def test_it_is_yaml(path):
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    content = yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))
    assert content.get("repos") or content.get("jobs")


@pytest.mark.parametrize(
    ("arguments", "extras"),
    [
        ([], ["validate", "explore"]),
        (["CORPUS=my.txt", "TOKENIZER=chinese"], ["validate", "explore", "chinese"]),
        (["CORPUS=my.txt", "ARGS=--tokenizer chinese --epochs 3"], ["validate", "explore", "chinese"]),
        (["CORPUS=my.parquet"], ["validate", "explore", "parquet"]),
    ],
)
def test_train_installs_what_its_tokenizer_and_file_need(arguments, extras):
    make = shutil.which("make")
    if make is None:
        pytest.skip("make is not installed")
    shown = subprocess.run([make, "-n", "train", "VENV=.venv-absent", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    assert re.findall(r"--editable '\.\[(\w+)\]'", shown.stdout) == extras
