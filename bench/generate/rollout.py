"""The loop on one sample: what of the sample goes in, and what stays outside."""

import asyncio

from aurelia.bench.generate.order import Variant
from aurelia.bench.rollouts import RolloutKey
from aurelia.bench.sample import Sample
from aurelia.graph.context import Context
from aurelia.media.open import open_clip
from aurelia.media.prepared import PreparedMedia
from aurelia.nodes.turn import prepared
from aurelia.types.clip import Clip
from aurelia.types.trajectory import Trajectory


async def roll_out(sample: Sample, key: RolloutKey, variant: Variant) -> Trajectory:
    """The loop on one sample. Its ground truth, facts, reference reasoning and source stay here.

    Repeats are draws of their own: their seed is that of the settings plus the repeat's number.

    Raises:
        InputError: clip, question or options can't be used.
        ModelError: no record could be made of a failed call.
    """
    # Imported where it is used: a command on a finished folder takes half the time without it.
    from aurelia.graph.run import areason

    # Held until the rollout ends: its calls then find what was prepared without a look at files.
    clip, _media = await asyncio.to_thread(_looked_at, sample, variant.context)
    settings = variant.settings
    settings["seed"] += key.repeat
    return await areason(
        clip,
        sample.asked,
        sample.options,
        sample=described(sample) | {"variant": key.variant, "repeat": key.repeat},
        **settings,
    )


def _looked_at(sample: Sample, context: Context) -> tuple[Clip, PreparedMedia]:
    clip = open_clip(
        sample.clip, sample.audio, sample.start_s, sample.end_s, sample.candidates or None
    )
    return clip, prepared(clip, context)


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
