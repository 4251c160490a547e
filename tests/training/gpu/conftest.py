"""Files that are programs for numba's simulator of CUDA, and parts of them."""

collect_ignore = ["card_cases.py", "compile_kernels.py", "fake_card.py"]
