"""OmniVideoBench: `data.json`, `[{video, questions: [{question, options, correct_option, …}]}]`.

Its reasoning steps (`reasoning_steps`: modality, evidence, inference) become the sample's
reference reasoning: for comparison, never shown to a model.
"""

from typing import Any

from aurelia.bench.imports import fields
from aurelia.bench.imports.annotation import place_of
from aurelia.bench.imports.rows import Annotation, Format, Media, Row, Rows, Wish, guarded


def _steps(item: dict[str, Any]) -> list[str]:
    """The authors' steps, one sentence each; nothing where there are none."""
    given = item.get("reasoning_steps")
    steps = []
    for step in given if isinstance(given, list) else []:
        if isinstance(step, str) and step.strip():
            steps.append(" ".join(step.split()))
        elif isinstance(step, dict):
            said = [fields.optional(step, name) for name in ("evidence", "inference")]
            modality = fields.optional(step, "modality")
            if any(said):
                told = " → ".join(part for part in said if part)
                steps.append(f"[{modality}] {told}" if modality else told)
    return steps


def _row(entry: Any, asked: Any, where: str, wish: Wish) -> Row:
    video, item = fields.text(fields.item(entry), "video"), fields.item(asked)
    options = fields.lettered(fields.texts(item, "options"))
    answer = fields.text(item, "correct_option" if "correct_option" in item else "answer")
    return Row(
        where=where,
        key="",
        clips=(Media((video,)),),
        fields={
            "task": "omnivideobench",
            "question_type": fields.optional(item, "question_type"),
            "video_id": video,
            "question": fields.text(item, "question"),
            "options": options,
            "answer_type": "option",
            "ground_truth": [fields.chosen(options, answer)],
            "reference_reasoning": _steps(item),
            "split": wish.split or "test",
        },
    )


def rows(annotation: Annotation, wish: Wish) -> Rows:
    """One row a question."""
    for number, entry in enumerate(annotation.data):
        place = place_of(annotation, number, entry)
        asked = entry.get("questions") if isinstance(entry, dict) else None
        for index, item in enumerate(asked if isinstance(asked, list) else [None]):
            where = f"{place}, question {index + 1}"
            yield guarded(where, _row, entry, item, where, wish)


FORMAT = Format(
    name="omnivideobench",
    title="OmniVideoBench",
    licence="terms of the data set's authors",
    needs="video, questions, each with question, options, correct_option",
    fits=lambda data: fields.has(data, "video", "questions"),
    rows=rows,
)
