"""Mutated golden files against every reader: `make fuzz`, and a short run in the test suite.

A case is a format and a number. It mutates the golden file, and loads what comes of it strictly and with repair. Both must give
a FormatError or vectors, within seconds and 512 MiB; where a plain reader, a checksum or a second round trip can tell what is
right, the vectors must be right. A case that fails is written to `fuzz_failures.txt`, which the test suite runs again for ever.
"""

import argparse
import gzip
import io
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from fasttext_files import fasttext_bytes
from golden_files import READABLE, bits, golden_parts, put
from row_files import PLAIN, RefusedError, same

import w2v
from w2v.errors import FormatError

FAILURES = Path(__file__).parent / "fuzz_failures.txt"
UNZIPPED = "npz.members"  # with checksums of the changed arrays: else no change would get past them
TARGETS = [*READABLE, "word2vec-text.gz", UNZIPPED]
CHECKED = ("npz", "model", "keras", "word2vec-text.gz")  # a checksum covers what they hold
_ROOM_BYTES = 512 << 20
_LONGEST_SECONDS = 10
_MOST_DIGITS = sys.get_int_max_str_digits()
_PIECES = [
    *(b" ", b"\n", b"\r\n", b"\t", b"\0", b"nan", b"inf", b"1_0", b"1e400", b"-", b".", b"e", b"\xff", b"\xef\xbb\xbf", b"\xc2\x85"),
    *(b"9" * 20, b"4 3\n", b"[", b"{", b"}", b'"', b"\\", b"'", b"|O", b"<U9", b"<f8", b"PK\x03\x04", b"\xff\xff\xff\xff", b"0" * 9),
    *(b"18446744073709551616", b"-1", b"True", b"1000000000000", b"embeddings {", b"../", b"null", b"F64", b"\x00\x00\x00\x80"),
]


def mutate(chance, data):
    """One to four changes of a file."""
    for _ in range(chance.choice([1, 1, 1, 2, 4])):
        at = chance.randrange(len(data) + 1)
        piece = chance.choice(_PIECES) if chance.random() < 0.5 else chance.randbytes(chance.randrange(1, 5))
        kind = chance.randrange(7)
        if kind == 0:
            data = data[:at] + piece + data[at + len(piece) :]
        elif kind == 1:
            data = data[:at] + piece + data[at:]
        elif kind == 2:
            data = data[:at] + data[at + len(piece) :]
        elif kind == 3:
            data = data[:at]
        elif kind == 4 and data:
            flipped = at % len(data)
            data = data[:flipped] + bytes([data[flipped] ^ 1 << chance.randrange(8)]) + data[flipped + 1 :]
        elif kind == 5:
            data = data[:at] + data[chance.randrange(len(data) + 1) :]
        else:
            length = chance.randrange(1, 9)
            data = data[:at] + data[at : at + length] * chance.choice([2, 2, 3, 2000]) + data[at + length :]
    return data


class Fuzzer:
    """Runs cases in a folder of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.golden = {target: golden_parts(target) for target in READABLE}
        self.golden["word2vec-text.gz"] = {"": gzip.compress(golden_parts("word2vec-text")[""], mtime=0)}
        self.golden["fasttext-bin"] = {"": fasttext_bytes()}  # with n-grams
        with zipfile.ZipFile(io.BytesIO(self.golden["npz"][""])) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        self.right = {}
        for target, parts in self.golden.items():
            put(self._path(target), parts)
            self.right[target] = bits(w2v.load(self._path(target)))
        self.golden[UNZIPPED] = members

    def _path(self, target):
        return self.folder / target

    def run(self, target, number):
        """One case; an AssertionError or whatever a reader should not raise."""
        chance = random.Random(f"{target}:{number}")
        parts = self.golden[target]
        name = chance.choice(sorted(parts))
        data = mutate(chance, parts[name])
        path = self._path(target)
        changed = path / name if name and target != UNZIPPED else path
        if target == UNZIPPED:
            with zipfile.ZipFile(path, "w") as archive:
                for member, content in (parts | {name: data}).items():
                    archive.writestr(member, content)
        else:
            changed.write_bytes(data)
        try:
            self._check(target, path, data, None if chance.random() < 0.25 else target.partition(".")[0])
        finally:
            changed.write_bytes(parts[name])

    def _check(self, target, path, data, format):
        strict = self._load(path, format, repair=False)
        repaired = self._load(path, format, repair=True)
        if strict is not None:
            assert repaired is not None, "repair refuses what is whole"
            assert bits(repaired) == bits(strict), "repair changes what is whole"
            assert target not in CHECKED or bits(strict) == self.right[target], "a checksum should have told"
            again = self.folder / "again.npz"
            w2v.save(strict, again, overwrite=True)
            assert bits(w2v.load(again)) == bits(strict)
        if format in PLAIN and target != "word2vec-text.gz":
            sys.set_int_max_str_digits(0)  # the plain reader counts in fractions
            try:
                words, rows = PLAIN[format](data)
            except RefusedError:
                assert strict is None, "a plain reader refuses it"
            else:
                assert strict is not None, "a plain reader takes it"
                assert same(strict, words, rows), "a plain reader reads something else"
            finally:
                sys.set_int_max_str_digits(_MOST_DIGITS)

    def _load(self, path, format, repair):
        changes = []
        try:
            vectors = w2v.load(path, format, repair=repair, on_change=changes.append, verify=True)
        except FormatError as error:
            if str(self.folder) not in str(error):
                raise AssertionError("the message names no file") from error
            return None
        assert repair or not changes
        return vectors


def known_failures():
    """The cases that failed once, as (target, number)."""
    lines = [line.split() for line in FAILURES.read_text().splitlines() if line and not line.startswith("#")]
    return [(target, int(number)) for target, number in lines]


def limit_memory():
    """Let an allocation fail that a lying header asks for."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + _ROOM_BYTES, resource.RLIM_INFINITY))


def stop(*_):
    raise TimeoutError(f"more than {_LONGEST_SECONDS} seconds")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=100_000, help="of each format")
    parser.add_argument("--start", type=int, default=0, help="number of the first case")
    parser.add_argument("--format", choices=TARGETS, action="append", help="only this one")
    arguments = parser.parse_args()
    signal.signal(signal.SIGALRM, stop)
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="w2v-fuzz-", dir=memory if memory.is_dir() else None))
    n_failures = 0
    try:
        fuzzer = Fuzzer(folder)
        limit_memory()
        for target in arguments.format or TARGETS:
            start = time.monotonic()
            for number in range(arguments.start, arguments.start + arguments.cases):
                signal.alarm(_LONGEST_SECONDS)
                try:
                    fuzzer.run(target, number)
                except Exception as error:
                    n_failures += 1
                    print(f"{target} {number}: {type(error).__name__}: {error}", file=sys.stderr)
                    with open(FAILURES, "a") as file:
                        file.write(f"{target} {number}\n")
            signal.alarm(0)
            print(f"{target}: {arguments.cases:,} cases in {time.monotonic() - start:.0f} s", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{n_failures} failures" + (f", kept in {FAILURES}" if n_failures else ""))
    return n_failures > 0


if __name__ == "__main__":
    sys.exit(main())
