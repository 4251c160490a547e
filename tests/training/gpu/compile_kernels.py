"""A program that compiles the kernels without a card, and prints what became of them as JSON; started by test_kernels.py.

Arguments: shapes as dim,window,negatives. For each shape and architecture: instructions that the PTX has, and, where `ptxas` is there,
registers and bytes that are spilled.
"""

import json
import re
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np

warnings.simplefilter("ignore")
if not hasattr(np, "row_stack"):
    vars(np)["row_stack"] = np.vstack

from numba import cuda  # noqa: E402

from w2v.training.gpu.kernels import subsampling_types, training_kernel, training_types  # noqa: E402
from w2v.training.gpu.shapes import choose_shape  # noqa: E402
from w2v.training.gpu.subsample_kernel import subsample_stretches  # noqa: E402

ARCHITECTURES = ((7, 0), (8, 0), (9, 0))
INSTRUCTIONS = ("red.global.add.v4.f32", "red.global.add.f32", "ld.global.v4.f32", "ld.shared.v4.f32", "shfl.sync")


def find_ptxas():
    """The one of NVIDIA's wheels, None without it."""
    import nvidia

    return next((path for folder in nvidia.__path__ for path in Path(folder).glob("**/bin/ptxas")), None)


def assemble(ptx, capability):
    ptxas = find_ptxas()
    if ptxas is None:
        return {}
    with tempfile.NamedTemporaryFile("w", suffix=".ptx") as file:
        file.write(ptx)
        file.flush()
        command = [str(ptxas), "-v", f"-arch=sm_{capability[0]}{capability[1]}", file.name, "-o", "/dev/null"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    spilled = sum(map(int, re.findall(r"(\d+) bytes spill", said)))
    return {"registers": int(re.search(r"Used (\d+) registers", said)[1]), "spilled": spilled}


def main():
    """The first shape for all architectures, the others for the newest one."""
    newest = max(ARCHITECTURES)
    jobs = [(text, architecture) for text in sys.argv[1:2] for architecture in ARCHITECTURES] + [(text, newest) for text in sys.argv[2:]]
    kernels = {("subsample", newest): (subsample_stretches, subsampling_types())}
    for text, architecture in jobs:
        kernels[text, architecture] = training_kernel(choose_shape(*map(int, text.split(","))), architecture), training_types()
    found = {}
    for (name, architecture), (kernel, kinds) in kernels.items():
        bounds = kernel.targetoptions["launch_bounds"]
        ptx, _ = cuda.compile_ptx(kernel.py_func, kinds, cc=architecture, launch_bounds=bounds)
        has = [instruction for instruction in INSTRUCTIONS if instruction in ptx]
        place = f"{name} sm_{architecture[0]}{architecture[1]}"
        found[place] = {"has": has, "local": ".local" in ptx, **assemble(ptx, architecture)}
    print(json.dumps(found))


main()
