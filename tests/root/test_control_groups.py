"""Limits of containers, in folders that look like /proc and /sys."""

from pathlib import Path

import pytest

from w2v import control_groups, machine


def put(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(control_groups, "_ROOT", tmp_path / "groups")
    monkeypatch.setattr(control_groups, "_OWN", tmp_path / "own")
    monkeypatch.setattr("os.sched_getaffinity", lambda process: set(range(8)), raising=False)
    monkeypatch.setattr("os.cpu_count", lambda: 16)
    return tmp_path


@pytest.mark.parametrize(
    ("own", "files", "quota", "cores"),
    [
        ("0::/\n", {"cpu.max": "250000 100000\n"}, 2.5, 2),
        ("0::/\n", {"cpu.max": "50000 100000\n"}, 0.5, 1),
        ("0::/\n", {"cpu.max": "max 100000\n"}, None, 8),
        ("0::/a/b\n", {"a/b/cpu.max": "max 100000\n", "a/cpu.max": "300000 100000\n", "cpu.max": "900000 100000\n"}, 3.0, 3),
        ("0::/\n", {"cpu.max": "6400000 100000\n"}, 64.0, 8),
        ("4:cpu,cpuacct:/docker/x\n2:memory:/docker/x\n",
         {"cpu/docker/x/cpu.cfs_quota_us": "200000\n", "cpu/docker/x/cpu.cfs_period_us": "100000\n"}, 2.0, 2),
        ("4:cpu:/\n", {"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, None, 8),
        ("0::/\n", {"cpu.max": "garbage\n"}, None, 8),
        ("0::/gone\n", {}, None, 8),
    ],
)  # fmt: skip
def test_threads_are_those_that_a_container_has_the_time_for(
    system: Path, own: str, files: dict[str, str], quota: float | None, cores: int
) -> None:
    put(system, {"own": own, **{f"groups/{name}": text for name, text in files.items()}})
    assert control_groups.cpu_quota() == quota
    assert machine.usable_cores() == machine.checked_threads(None) == cores


def test_without_control_groups_nothing_is_limited(system: Path) -> None:
    assert control_groups.cpu_quota() is None
    assert control_groups.memory_left() is None
    assert machine.describe_cores() == "8 of 16 cores"


def test_what_was_found_is_said(system: Path) -> None:
    put(system, {"own": "0::/\n", "groups/cpu.max": "250000 100000\n"})
    assert machine.describe_cores() == "2 of 16 cores (the container's share is 2.5)"


@pytest.mark.parametrize(
    ("own", "files", "left"),
    [
        ("0::/a\n", {"a/memory.max": "max\n", "a/memory.current": "5\n", "memory.max": "1000\n", "memory.current": "400\n"}, 600),
        ("3:memory:/x\n", {"memory/x/memory.limit_in_bytes": "700\n", "memory/x/memory.usage_in_bytes": "200\n"}, 500),
        ("0::/\n", {"memory.max": "10\n", "memory.current": "40\n"}, 0),
    ],
)
def test_memory_is_what_the_groups_leave(system: Path, own: str, files: dict[str, str], left: int) -> None:
    put(system, {"own": own, **{f"groups/{name}": text for name, text in files.items()}})
    assert control_groups.memory_left() == left
    assert machine.available_memory() == left
