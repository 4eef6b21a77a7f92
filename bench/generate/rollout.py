"""The loop on one sample: what of the sample goes in, and what stays outside."""

from aurelia.bench.generate.order import Variant
from aurelia.bench.rollouts import RolloutKey
from aurelia.bench.sample import Sample
from aurelia.types.trajectory import Trajectory


async def roll_out(sample: Sample, key: RolloutKey, variant: Variant) -> Trajectory:
    """The loop on one sample. Its ground truth, facts, reference reasoning and source stay here.

    Repeats are draws of their own: their seed is that of the settings plus the repeat's number.

    Raises:
        InputError: clip, question or options can't be used.
        ModelError: no record could be made of a failed call.
    """
    # Imported where it is used: a command on a finished folder takes half the time without it.
    from aurelia.graph.run import conduct

    settings = variant.context
    return await conduct(
        settings.model_copy(update={"seed": settings.seed + key.repeat}),
        {
            "clip": {
                "path": sample.clip,
                "audio": sample.audio,
                "start_s": sample.start_s,
                "end_s": sample.end_s,
                "candidates": sample.candidates or None,
            },
            "question": sample.asked,
            "options": sample.options,
            "sample": described(sample) | {"variant": key.variant, "repeat": key.repeat},
        },
    )


def described(sample: Sample) -> dict[str, str]:
    """What a record says of its sample. Prompts see none of it; the task chooses among them."""
    return {
        "id": sample.id,
        "task": sample.task,
        "dataset": sample.dataset,
        "split": sample.split,
        "category": sample.category,
        "question_type": sample.question_type,
        "video_id": sample.video_id,
    }
