"""Files that are programs for numba's simulator of CUDA, and parts of them."""

collect_ignore = ["fake_card.py", "simulated_card.py"]
