"""What is said where there is no card, no driver, or no extra."""

import subprocess
import sys

import pytest

import w2v
from w2v.cli.main import run
from w2v.errors import ConfigError, MissingExtraError, W2VError
from w2v.training.gpu import card

TEXT = [["a", "b", "c"] * 20] * 30


class Driver:
    """libcuda, as ctypes has it."""

    def __init__(self, code=0, cards=1, version=13000):
        self.cuInit = lambda flags: code
        self.cuDeviceGetCount = lambda found: self._set(found, cards)
        self.cuDriverGetVersion = lambda found: self._set(found, version)

    def _set(self, reference, value):
        reference._obj.value = value
        return 0


def drive(monkeypatch, driver, has_extra=True):
    def load():
        if driver is None:
            raise OSError
        return driver

    monkeypatch.setattr(card, "_open_driver", load)
    monkeypatch.setattr(card, "_is_installed", lambda: has_extra)


@pytest.mark.parametrize(
    ("driver", "has_extra", "kind", "said"),
    [
        (None, False, ConfigError, r'^device cuda needs an NVIDIA card and its driver: .* is not there; use device="cpu", or install'),
        (Driver(code=100), True, ConfigError, "^device cuda needs an NVIDIA card: the driver is there, but it finds no card"),
        (Driver(cards=0), True, ConfigError, "it finds no card; use device"),
        (Driver(code=803), True, ConfigError, "it answers with error 803"),
        (Driver(version=12040), False, MissingExtraError, r"pip install 'w2v\[cuda12\]' \(or use device=\"cpu\"\)$"),
        (Driver(version=13000), False, MissingExtraError, r"pip install 'w2v\[cuda13\]'"),
    ],
    ids=["no driver", "no card", "none counted", "broken driver", "no extra, CUDA 12", "no extra, CUDA 13"],
)
def test_one_line_says_what_is_missing(monkeypatch, driver, has_extra, kind, said):
    drive(monkeypatch, driver, has_extra)
    with pytest.raises(kind, match=said) as found:
        w2v.train(TEXT, dim=4, min_count=1, device="cuda")
    assert "\n" not in str(found.value)


def test_a_card_with_driver_and_extra_is_enough(monkeypatch):
    drive(monkeypatch, Driver())
    card.require_card()


@pytest.mark.parametrize("is_there", [True, False])
def test_a_card_that_is_unused_is_mentioned(monkeypatch, is_there):
    monkeypatch.setattr("w2v.training.run.is_card_likely", lambda: is_there)
    lines = []
    w2v.train(TEXT, dim=4, min_count=1, sample=0, hooks=w2v.Hooks(on_message=lines.append))
    assert ('an NVIDIA card is here and unused: device="cuda" trains on it' in lines) == is_there


@pytest.mark.medium
def test_training_on_the_cpu_never_imports_numba_cuda():
    program = (
        "import sys, w2v\n"
        "w2v.train([['a', 'b', 'c'] * 20] * 30, dim=4, min_count=1, sample=0)\n"
        "print([name for name in sys.modules if name.startswith(('numba.cuda', 'numba_cuda', 'w2v.training.gpu.gpu_trainer'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_errors_of_the_card_are_one_line():
    from numba.cuda.cudadrv.error import CudaDriverError, NvvmSupportError

    with (
        pytest.raises(W2VError, match=r'^the card failed: Call to x results in y; resume=True .* device="cpu"$'),
        card.explain_card_errors(),
    ):
        raise CudaDriverError("Call to x\n results in y")
    with pytest.raises(MissingExtraError, match=r"^numba-cuda lacks a library: pip install 'w2v\[cuda12\]'"), card.explain_card_errors():
        raise NvvmSupportError("libNVVM cannot be found")


@pytest.mark.parametrize("command", [["train", "TEXT", "--out", "OUT", "--device", "cuda"], ["bench", "TEXT", "--device", "cuda"]])
def test_the_command_line_says_it_in_its_own_words(monkeypatch, tmp_path, capsys, command):
    drive(monkeypatch, None)
    text = tmp_path / "a.txt"
    text.write_text("a b c\n" * 100)
    assert run([{"TEXT": str(text), "OUT": str(tmp_path / "m")}.get(word, word) for word in command]) == 1
    assert capsys.readouterr().err.splitlines()[-1].endswith("is not there; use --device cpu, or install the driver")
    assert not (tmp_path / "m").exists()


def test_matrices_larger_than_the_card_are_refused_with_the_numbers():
    with pytest.raises(
        ConfigError, match=r"has 79\.0 GB free, and two matrices of 100,000,000 words x 128 columns x 4 bytes need 102\.4 GB"
    ):
        card.require_memory(100_000_000, 128, 10**9, 79 * 10**9)
    card.require_memory(1_000_000, 128, 10**9, 79 * 10**9)
