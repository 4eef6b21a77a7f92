"""`Sample`: one benchmark item, and the JSONL file that holds many."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from aurelia.errors import InputError
from aurelia.types.reasoning import Modality, Record

SCHEMA_VERSION = 1

AnswerType = Literal["option", "short", "yes_no", "open", "caption"]
"""How an answer is scored: the chosen letter, a short text, yes or no, free text, a description."""

FactKind = Literal[
    "event.heard",
    "object.moves",
    "sources.count",
    "shown.count",
    "pace.picture",
    "candidate.tempo",
    "flag.shown",
    "text.shown",
    "mood.is",
]


class Fact(Record):
    """One true statement about a clip.

    Attributes of each kind (`value`; `other`): a sound (`bell`), a moving object (`red ball`;
    its path), how many sources are heard, how many things are shown, how often a movement repeats
    (per minute), a candidate track's tempo (beats per minute; its label), the country of a flag,
    a text, a mood (`bright`, `dark`).
    """

    kind: FactKind
    modality: Modality
    value: str | float
    other: str | None = None
    start_s: float | None = None
    end_s: float | None = None


class Sample(Record):
    """One question about one clip. Paths are relative to the file that the sample stands in.

    Ground truth and facts are for scoring alone: they never enter the graph, a prompt or a cache.
    """

    schema_version: int = SCHEMA_VERSION
    id: str
    task: str = Field(description="One of the six tasks, e.g. `av_compositional`.")
    category: str = Field(default="", description="A finer kind of question within the task.")
    clip: str = Field(description="The video (or sound) file.")
    audio: str | None = Field(default=None, description="A sound file that replaces the clip's.")
    candidates: dict[str, str] = Field(default={}, description="Label to sound file.")
    context: str = Field(default="", description="Dialogue or text that precedes the question.")
    question: str
    options: dict[str, str] | None = Field(default=None, description="Letter to text.")
    answer_type: AnswerType = "option"
    ground_truth: list[str] = Field(
        min_length=1, description="Accepted answers; of an option question, its letter."
    )
    true_facts: list[Fact] = []
    split: str = Field(default="test", description="E.g. `dev`, `held_out`, `test`.")

    def located(self, folder: Path) -> "Sample":
        """The same sample with its paths resolved against a folder."""
        return self.model_copy(
            update={
                "clip": str(folder / self.clip),
                "audio": str(folder / self.audio) if self.audio else None,
                "candidates": {k: str(folder / v) for k, v in self.candidates.items()},
            }
        )


def write_samples(path: Path, samples: Iterable[Sample]) -> None:
    """Write one JSON object a line, so that an interrupted run leaves the earlier file whole."""
    scratch = path.with_name(f".{path.name}.part")
    text = "".join(s.model_dump_json(exclude_defaults=False) + "\n" for s in samples)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch.write_text(text, "utf-8")
        scratch.replace(path)
    except OSError as error:
        raise InputError(f"{path} can't be written: {error.strerror or error}.") from error


def read_samples(path: Path) -> list[Sample]:
    """Read the samples of a JSONL file, paths resolved against its folder.

    Raises:
        InputError: the file can't be read, or a line is no sample; names the line.
    """
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror or error}.") from error
    except UnicodeDecodeError:
        raise InputError(f"{path} is no UTF-8 text; give a JSONL file of samples.") from None
    samples, seen = [], dict[str, int]()
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            sample = Sample.model_validate_json(line)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or "the line"
            raise InputError(
                f"{path}, line {number}: {where}: {first['msg'].lower()}; see the Sample schema."
            ) from None
        if sample.schema_version > SCHEMA_VERSION:
            raise InputError(
                f"{path}, line {number} has schema version {sample.schema_version}; this AURELIA "
                f"reads up to {SCHEMA_VERSION}: update it."
            )
        if sample.id in seen:
            raise InputError(
                f"{path}, line {number}: the id {sample.id!r} stands in line {seen[sample.id]} "
                "already; ids must differ."
            )
        seen[sample.id] = number
        samples.append(sample.located(path.parent))
    if not samples:
        raise InputError(f"{path} holds no sample.")
    return samples


def sample_schema() -> str:
    """The JSON schema of a sample, indented."""
    return json.dumps(Sample.model_json_schema(), indent=2)
