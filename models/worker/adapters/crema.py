"""CREMA, through its own `CREMA.generate`.

Repository: Yui010206/CREMA
Commit: 949875f37ea58cec850158b7c5f09786392961e2
    to be checked out: the entry point's. Other files were read at the commits beside them
Entry point: lavis/models/crema_models/crema.py, CREMA.generate(samples, ...); set as in
    run_scripts/crema/inference/music_avqa.sh ("test_avqa_video+audio"), media read as in
    lavis/datasets/datasets/music_avqa_datasets.py at ea7320525546a4485cf74ff6d0ebcd4d17bab4e8
Run from: the repository's folder.
Checkpoint: the fine-tuned weights (`crema_pretrained.pth` in the script).
Needs: Python 3.8, CUDA, flan-t5-xl, BEATs, moviepy before 2.
Licence: BSD-3-Clause in file headers.
Status: never run with weights.

77 tokens of text with the end mark (`max_txt_len = 77`, whatever the settings say), the rest cut
from the end: longer texts are refused. Its data set wraps questions in words of its own ("Based on
the frames and audio information, answer the question using a single word or phase"); these would
take a quarter of that, and are left to the target's template. 4 frames; the first 10.24 s of
sound. Which media it takes is fixed when it is loaded, and it needs all of them:
`--option modalities=rgb-skip` for pictures alone. (Sound alone fails in `generate` with one
question at a time.) A sound that can't be read becomes zeros there; here it fails.
"""

from __future__ import annotations

from argparse import Namespace
from typing import Any

NAME = "crema"
CAPABILITIES = {"video": 1, "audio": 1, "text_budget": 76}
LIMITS: dict[str, Any] = {"text_tokens": 77, "text_cut": "end", "frames": 4, "audio_seconds": 10.24}
MODALITIES = {"video": "rgb", "audio": "audio"}
EVALUATION = "lavis/projects/crema/eval/music_avqa_eval.yaml"


class Refused(Exception):
    """What this question asks for can't be done, in a sentence."""


def load(checkpoint: str, device: str, *, modalities: str = "audio_rgb-skip") -> Any:
    """Model, its processors of pictures and sound, and the device."""
    from lavis import models, processors, tasks  # noqa: F401  (they register)
    from lavis.common.config import Config
    from lavis.common.registry import registry
    from lavis.datasets import builders  # noqa: F401
    from lavis.processors.audio_processors import BeatsAudioProcessor

    options = ["finetuned=" + checkpoint, "frame_num=4", "downstream_task=oeqa"]
    options = ["model." + option for option in [*options, "modalities=" + modalities]]
    settings = Config(Namespace(cfg_path=EVALUATION, options=options)).model_cfg
    model = registry.get_model_class(settings.arch).from_config(settings).to(device).eval()
    sees = registry.get_processor_class("blip_video_eval")(image_size=224, n_frms=4)
    hears = BeatsAudioProcessor(
        model_name="iter3", sampling_rate=16000, n_frames=2, frame_length=512, is_eval=False
    )
    return model, sees, hears, device


def capabilities(loaded: Any) -> dict[str, int]:
    """What it was loaded for."""
    media = {kind: int(name in loaded[0].modalities) for kind, name in MODALITIES.items()}
    return dict(CAPABILITIES, **media)


def answer(
    loaded: Any,
    *,
    text: str,
    video: str | None = None,
    audio: str | None = None,
    max_new_tokens: int,
    temperature: float | None = None,
) -> str:
    """The reply by beam search, as in the evaluation; it does not sample."""
    if temperature:
        raise Refused("CREMA is asked by beam search, without a temperature.")
    model, sees, hears, device = loaded
    given = {"rgb": video, "audio": audio}
    if missing := [kind for kind in model.modalities if not given[kind]]:
        raise Refused(f"CREMA was loaded for {model.modalities}; this question has no {missing}.")
    samples: dict[str, Any] = {"qa_input": [text], "qa_output": [""], "question_id": [0]}
    if video:
        samples["rgb"] = sees(video)[0].float().unsqueeze(0).to(device)
    if audio:
        sound = hears(audio)
        if not sound.any():
            raise RuntimeError("The sound was not read, and would have been silence.")
        samples["audio"] = sound.float().unsqueeze(0).to(device)
    said = model.generate(
        samples, num_beams=5, max_length=max_new_tokens, min_length=1, length_penalty=-1.0
    )
    return str(said["output_text"][0])


def count_tokens(loaded: Any, text: str) -> int:
    """Tokens of a text, without the end mark."""
    return len(loaded[0].t5_tokenizer(text, add_special_tokens=False).input_ids)
