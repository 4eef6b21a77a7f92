"""A folder in which any model of lmms-eval answers under both conditions.

Two tasks, `<name>_zero_shot` and `<name>_distilled`, with their prompts filled in, their clips, and
no ground truth. The second asks only where there is an accepted r*; elsewhere the zero-shot reply
stands, as it does in `aurelia bench run`.
"""

import json
import re
from collections.abc import Callable, Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

from aurelia.bench.harness.lmms_docs import Doc, Media, doc_of
from aurelia.bench.harness.lmms_media import MediaFolder
from aurelia.bench.rollouts import Rollouts
from aurelia.bench.run.settings import RunSettings
from aurelia.bench.run.steps import Steps, accepted_steps, form_of
from aurelia.bench.sample import Sample
from aurelia.errors import InputError, MediaError
from aurelia.prompts.loader import PromptSet
from aurelia.types.hashing import json_hash
from aurelia.types.reasoning import Record

CONDITIONS = ("zero_shot", "distilled")
EXPORT = "aurelia_export.json"
"""What the folder was made with; reading its results compares with it."""

_YAML = """\
# Written by `aurelia bench export lmms-eval`. Moved the folder? Change the path in data_files.
task: {task}
dataset_path: json
dataset_kwargs:
  data_files:
    test: {data}
test_split: test
output_type: generate_until
doc_to_visual: !function utils.doc_to_visual
doc_to_text: !function utils.doc_to_text
doc_to_messages: !function utils.doc_to_messages
doc_to_target: !function utils.doc_to_target
process_results: !function utils.process_results
generation_kwargs:
  max_new_tokens: 1024
  temperature: 0
  do_sample: false
metric_list:
  - metric: replied
    aggregation: !function utils.share
    higher_is_better: true
metadata:
  - version: 1
"""

_README = """\
# {name}

{count} samples for lmms-eval, {accepted} of them with an accepted r*.

    python -m lmms_eval --include_path "{folder}" --tasks {tasks} --model MODEL \\
        --model_args … --batch_size 1 --log_samples --output_path logs

    aurelia bench import-results LOG… --samples SAMPLES --r-star DIR --target MODEL -o OUT

LOG are the files `…_samples_{name}_….jsonl` somewhere below `logs`, those of one model.

lmms-eval prints `replied`, the share of samples with a reply: the right answers are not in this
folder, and AURELIA scores the replies. Whether a model hears a clip is up to its class: several of
them pass no sound.
"""


class Exported(Record):
    """What was written.

    Attributes of note: `skipped` names samples whose clip could not be used, with the reason.
    """

    folder: str
    tasks: list[str]
    samples: int
    accepted: int
    skipped: dict[str, str] = {}


def export_lmms_eval(
    samples: Iterable[Sample],
    rollouts: Rollouts,
    folder: Path,
    *,
    prompts: PromptSet,
    name: str = "",
    settings: RunSettings | None = None,
    on_sample: Callable[[Sample], None] = lambda sample: None,
) -> Exported:
    """Write the folder.

    Args:
        samples: with resolved paths.
        rollouts: whose accepted steps are handed over.
        folder: made; it must be empty where it is there.
        prompts: the set that fills in the targets' prompts.
        name: of the tasks; empty: the folder's.
        settings: variant, form and what is done about leaks, as in `aurelia bench run`.
        on_sample: called after each sample.

    Raises:
        InputError: the folder holds something or can't be written, or no clip could be used.
    """
    settings = settings or RunSettings()
    base = task_name(name or folder.resolve().name)
    _made(folder)
    media = MediaFolder(folder)
    docs: dict[str, list[Doc]] = {condition: [] for condition in CONDITIONS}
    skipped: dict[str, str] = {}
    for sample in samples:
        try:
            place = media.of(sample)
        except MediaError as error:
            skipped[sample.id] = str(error)
        else:
            steps = _steps(sample, rollouts, settings)
            _add(docs, sample, prompts, place, steps)
        on_sample(sample)
    if not docs["zero_shot"]:
        why = next(iter(skipped.values()), "there is no sample")
        raise InputError(f"Nothing could be exported: {why}")
    done = Exported(
        folder=str(folder.resolve()),
        tasks=[f"{base}_{condition}" for condition in CONDITIONS if docs[condition]],
        samples=len(docs["zero_shot"]),
        accepted=len(docs["distilled"]),
        skipped=skipped,
    )
    try:
        _write(folder, base, docs, done, _facts(rollouts, prompts, settings))
    except OSError as error:
        raise InputError(f"{folder} can't be written: {error.strerror or error}.") from error
    return done


def task_name(text: str) -> str:
    """A name that lmms-eval takes for a task: letters, digits and `_`."""
    return "aurelia_" + (re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_").lower() or "task")


def _steps(sample: Sample, rollouts: Rollouts, settings: RunSettings) -> Steps:
    rollout = rollouts.get(sample.id, settings.variant)
    form = settings.form or (form_of(rollout) if rollout else "plan")
    return accepted_steps(rollout, form, settings.leaks)


def _add(
    docs: dict[str, list[Doc]], sample: Sample, prompts: PromptSet, media: Media, steps: Steps
) -> None:
    docs["zero_shot"].append(doc_of(sample, prompts, media))
    if steps.text:
        run = steps.origin.run if steps.origin else ""
        docs["distilled"].append(doc_of(sample, prompts, media, steps.text, run))


def _facts(rollouts: Rollouts, prompts: PromptSet, settings: RunSettings) -> dict[str, Any]:
    names = ("target_zero_shot", "target_distilled")
    return {
        "settings": settings.model_dump(mode="json"),
        "prompts": [prompts.get(name).identity for name in names],
        "r_star": json_hash(rollouts.manifest),
    }


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise InputError(f"{folder} holds files already; give a new or empty folder.")
    except OSError as error:
        raise InputError(f"{folder} can't be made: {error.strerror or error}.") from error


def _write(
    folder: Path, base: str, docs: dict[str, list[Doc]], done: Exported, facts: dict[str, Any]
) -> None:
    for condition in CONDITIONS:
        if not docs[condition]:
            continue
        data = folder.resolve() / f"{condition}.jsonl"
        data.write_text(
            "".join(json.dumps(doc.as_json(), ensure_ascii=True) + "\n" for doc in docs[condition])
        )
        task = f"{base}_{condition}"
        # JSON's form of a text is YAML's as well.
        text = _YAML.format(task=task, data=json.dumps(str(data)))
        (folder / f"{task}.yaml").write_text(text)
    utils = files("aurelia.bench.harness").joinpath("lmms_utils.py").read_text("utf-8")
    (folder / "utils.py").write_text(utils, "utf-8")
    readme = _README.format(
        name=base,
        count=done.samples,
        accepted=done.accepted,
        folder=done.folder,
        tasks=",".join(done.tasks),
    )
    (folder / "README.md").write_text(readme, "utf-8")
    (folder / EXPORT).write_text(json.dumps({**done.model_dump(), **facts}, indent=2) + "\n")
