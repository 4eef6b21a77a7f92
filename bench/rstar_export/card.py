"""The data card of an export: what it is, where it comes from, what it must not be used for."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aurelia.bench.imports.manifest import OWN_NOTE
from aurelia.bench.rstar_export.rows import RStarRow

TEST_SPLITS = re.compile(r"test|held|eval|dev|val", re.IGNORECASE)
"""Names of splits that are there to measure with. A split without a name counts as one, too."""

_ESCAPED = re.compile(r"([\\`*_{}\[\]<>|#~])")


@dataclass
class Counted:
    """What an export holds, summed up row by row.

    Attributes:
        rows: exported.
        left_out: rollouts that are no row, by reason.
        by_task: rows by data set and task.
        by_split: rows by split.
        stops: rows by stop reason.
        scores: rows by score, rounded down; -1: unscored.
        passes: rows by the pass that was kept.
        forms: rows by form.
        models: rows by role and model.
        prompts: rows by prompt identity.
        leaking: rows with steps or findings that give an answer away.
        leaking_text: rows whose text does, in its form.
        videos: hashes of the clips.
        samples: ids of the samples.
    """

    rows: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    by_task: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_split: Counter[str] = field(default_factory=Counter)
    stops: Counter[str] = field(default_factory=Counter)
    scores: Counter[int] = field(default_factory=Counter)
    passes: Counter[int] = field(default_factory=Counter)
    forms: Counter[str] = field(default_factory=Counter)
    models: Counter[tuple[str, str]] = field(default_factory=Counter)
    prompts: Counter[str] = field(default_factory=Counter)
    leaking: int = 0
    leaking_text: int = 0
    videos: set[str] = field(default_factory=set)
    samples: set[str] = field(default_factory=set)

    def add(self, row: RStarRow) -> None:
        """Count a row."""
        self.rows += 1
        self.by_task[row.dataset, row.task] += 1
        self.by_split[row.split] += 1
        self.stops[row.stop_reason] += 1
        self.scores[-1 if row.score is None else int(row.score)] += 1
        self.passes[row.iteration] += 1
        self.forms[row.form] += 1
        for role, model in row.models.items():
            reported = row.reported.get(role, "")
            self.models[role, f"{model} (answered as {reported})" if reported else model] += 1
        self.prompts.update(row.prompts.values())
        self.leaking += row.leaks > 0
        self.leaking_text += row.leaks_left_in > 0
        self.videos.add(row.clip_sha256)
        self.samples.add(row.sample_id)

    @property
    def for_measuring(self) -> int:
        """Rows of splits that are there to measure with."""
        return sum(n for name, n in self.by_split.items() if not name or TEST_SPLITS.search(name))


def make_card(
    counted: Counted, manifest: Mapping[str, Any], file: Path, lost_calls: int = 0
) -> str:
    """The card, Markdown. All names in it are escaped: they come from data files and models.

    Args:
        counted: what the file holds.
        manifest: of the rollouts.
        file: what was written.
        lost_calls: calls that may have been paid for without a reply.
    """
    parts = [
        f"# Data card: {escaped(file.name)}",
        _what(counted, manifest),
        _must_not(counted),
        "## Rows\n\n" + _counts(counted),
        "## Score\n\n" + _scores(counted),
        "## Made with\n\n" + _made_with(counted, manifest, lost_calls),
        "## Leaks\n\n" + _leaks(counted),
        "## Licences\n\n" + _licences(counted, manifest),
    ]
    return "\n\n".join(parts) + "\n"


def _what(counted: Counted, manifest: Mapping[str, Any]) -> str:
    kind = manifest.get("samples", {}).get("kind", "as given")
    said = [
        f"{counted.rows:,} reasoning traces about {len(counted.samples):,} samples and "
        f"{len(counted.videos):,} clips, made by the actor-critic loop of AURELIA: an actor model "
        "proposes steps from picture, sound and question, and a critic model scores a caption of "
        "them against the clip. Nobody has read them: what they say about a clip is what models "
        "said, and is wrong where those were wrong.",
    ]
    imported = (manifest.get("samples_file") or {}).get("imported") or {}
    if kind == "reconstruction" and imported.get("note") == OWN_NOTE:
        said.append(f"The samples are a **reconstruction**. {OWN_NOTE}")
    elif kind == "reconstruction":
        said.append(
            "The samples are a **reconstruction** from the files of the data sets' authors, not "
            "the selection that the paper measured on."
        )
    return "\n\n".join(said)


def _must_not(counted: Counted) -> str:
    lines = [
        "## What it must not be used for",
        "",
        "- **Training anything that is then measured on these samples, or on others about the same "
        "clips.** Steps are written with the question in view: a model trained on them has seen "
        "the test.",
        "- As ground truth. `actor_answer` is a model's answer; right answers are no part of it.",
        "- To compare critics or thresholds, unless rows of rollouts that were not accepted are in "
        "it: accepted rows alone are a selection by the critic that is to be judged.",
        "- Against the terms of the data sets, or of the providers of the models below.",
    ]
    if counted.for_measuring:
        share = f"{counted.for_measuring:,} of {counted.rows:,} rows"
        lines[2] += f" Here: {share} are of splits that are there to measure with, or name none."
    return "\n".join(lines)


def _counts(counted: Counted) -> str:
    tasks = [(d or "(none)", t, f"{n:,}") for (d, t), n in sorted(counted.by_task.items())]
    splits = [(name or "(none)", f"{n:,}") for name, n in sorted(counted.by_split.items())]
    stops = [(name, f"{n:,}") for name, n in counted.stops.most_common()]
    stops += [(f"left out: {name}", f"{n:,}") for name, n in counted.left_out.most_common()]
    return "\n\n".join(
        [
            table(("data set", "task", "rows"), tasks),
            table(("split", "rows"), splits),
            table(("rollout ended", "rollouts"), stops),
        ]
    )


def _scores(counted: Counted) -> str:
    scored = sorted(counted.scores.items())
    rows = [("unscored" if s < 0 else f"{s} to below {s + 1}", f"{n:,}") for s, n in scored]
    passes = [(str(index), f"{n:,}") for index, n in sorted(counted.passes.items())]
    return f"{table(('score', 'rows'), rows)}\n\n{table(('pass kept', 'rows'), passes)}"


def _made_with(counted: Counted, manifest: Mapping[str, Any], lost_calls: int) -> str:
    settings = manifest.get("settings", {})
    shown = ("preset", "threshold", "max_iterations", "stop_when", "leak_policy", "seed")
    facts = [(name, settings[name]) for name in shown if name in settings]
    facts += [("forms of r*", ", ".join(sorted(counted.forms)))]
    facts += [("AURELIA", manifest.get("aurelia", ""))]
    samples = manifest.get("samples", {})
    facts += [("samples, SHA-256 of the items", samples.get("items_sha256", ""))]
    if lost_calls:
        facts.append(("calls lost to crashes, perhaps paid for", lost_calls))
    models = [(role, name, f"{n:,}") for (role, name), n in sorted(counted.models.items())]
    prompts = [(name, f"{n:,}") for name, n in sorted(counted.prompts.items())]
    return "\n\n".join(
        [
            table(("setting", "value"), facts),
            table(("role", "model", "rows"), models),
            table(("prompt", "rows"), prompts),
        ]
    )


def _leaks(counted: Counted) -> str:
    return (
        f"{counted.leaking_text:,} of {counted.rows:,} rows have a `text` that repeats the actor's "
        "answer or one option, or names it outright; of "
        f"{counted.leaking:,} the `steps` or `findings` do, in their own words. The check is by "
        "words: what gives an answer away in other words is not found."
    )


def _licences(counted: Counted, manifest: Mapping[str, Any]) -> str:
    noted = manifest.get("samples", {}).get("licences", {})
    rows = [
        (name or "(none)", "; ".join(filter(None, noted.get(name, ()))) or "not noted: ask them")
        for name in sorted({dataset for dataset, _ in counted.by_task})
    ]
    return (
        f"{table(('data set', 'what its authors allow'), rows)}\n\n"
        "Questions and options are the data sets' own; clips are no part of this file. Replies of "
        "hosted models come under the terms of their providers, some of which forbid to train "
        "competing models on them."
    )


def table(head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    """A Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    cells = [[cell if n == 1 else escaped(cell) for cell in line] for n, line in enumerate(lines)]
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def escaped(text: object) -> str:
    """A text that stays text in Markdown, on one line."""
    plain = "".join(c if c.isprintable() else " " for c in str(text))
    return _ESCAPED.sub(r"\\\1", " ".join(plain.split()))
