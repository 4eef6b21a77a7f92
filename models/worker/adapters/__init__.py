"""One file for each model that the worker serves, against that repository's own entry point.

The contract stands at the top of `aurelia/models/worker/worker.py`. Each file here is loaded by its
path, in the environment of its model, where AURELIA is not installed. So:

- it imports the standard library alone at its top, its repository's packages inside `load` and
  `answer`, and nothing of AURELIA or of its neighbours;
- its syntax is that of Python 3.8 (`from __future__ import annotations` allows `str | None` in
  annotations);
- its docstring names repository, file, function and commit of the entry point that it calls, and
  what was tried: without weights, "never run with weights".
"""
