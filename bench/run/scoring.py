"""Scoring a run again: who compares open answers, and the files that come of it."""

import json
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

from aurelia.bench.run.files import write_file
from aurelia.bench.run.grids import all_grids, whole_table
from aurelia.bench.run.judging import Judge, judge_all, kept_judgements
from aurelia.bench.run.score import ScoredRun, open_replies, score_run, write_results
from aurelia.bench.tables.grid import Grid
from aurelia.bench.tables.written import as_csv, as_latex, as_markdown
from aurelia.errors import InputError
from aurelia.graph.context import Context
from aurelia.graph.sync import run_sync
from aurelia.prompts.loader import PromptSet

SCORING = "scoring.json"
NOBODY = "none"
"""In the place of a judge's string: open answers are compared as strings."""


def judged_run(
    folder: Path,
    judge: str | None,
    *,
    context: Context,
    prompts: PromptSet,
    at_once: int = 8,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> ScoredRun:
    """Score a run's replies. Without `judge` nobody is asked anything.

    Args:
        folder: of the run.
        judge: a model string: it is asked about open answers that it has not judged yet. None:
            what the last scoring went by, judgements that are kept. `none`: string match.
        context: limits and cache of the judge's calls.
        prompts: with the judge's prompt.
        at_once: its calls at a time.
        on_progress: told how many of how many answers are judged.

    Raises:
        InputError: the folder holds no run, or the model can't judge.
    """
    if judge is not None and judge != NOBODY:
        replies = [(sample, said.raw) for sample, said in open_replies(folder)]
        chosen: Judge | None = None
        if replies:
            chosen = run_sync(
                judge_all(
                    folder,
                    replies,
                    judge,
                    context=context,
                    prompts=prompts,
                    at_once=at_once,
                    on_progress=on_progress,
                )
            )
    else:
        chosen = None if judge == NOBODY else last_judge(folder)
    run = score_run(folder, kept_judgements(folder, chosen) if chosen else None)
    said: dict[str, Any] = {
        "open": {"judge": chosen.model, "prompts": dict(chosen.prompts)} if chosen else "match",
        "aurelia": metadata.version("aurelia"),
    }
    write_file(folder / SCORING, json.dumps(said, indent=2) + "\n")
    write_results(folder, run.results)
    return run


def write_tables(run: ScoredRun, *, seed: int = 0, assume_accuracy: bool = False) -> list[Grid]:
    """Write `table.md`, `table.tex` and `table.csv` beside the results.

    Returns:
        The tables, to be shown.
    """
    table = whole_table(run, seed)
    grids = all_grids(run, table, seed=seed, assume_accuracy=assume_accuracy)
    write_file(run.folder / "table.md", "\n".join(map(as_markdown, grids)))
    write_file(run.folder / "table.tex", "\n".join(map(as_latex, grids)))
    write_file(run.folder / "table.csv", as_csv(table, assume_accuracy=assume_accuracy))
    return grids


def last_judge(folder: Path) -> Judge | None:
    """Whom the last scoring went by; None: string match, or there was none.

    Raises:
        InputError: what was written about it can't be read.
    """
    path = folder / SCORING
    try:
        held = json.loads(path.read_text("utf-8"))["open"]
        return None if held == "match" else Judge(held["judge"], dict(held["prompts"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path} can't be read ({error}); take it away, and give --judge where one is wanted."
        ) from None
