"""Parley: how healthy an organisation's career conversations are, and what that has to do with leaving or moving up."""

import os

# The matrices of the links are small: threads of the linear algebra would wait for each other longer than they compute. It is
# read once, when NumPy is first imported; who sets it outside is obeyed.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
