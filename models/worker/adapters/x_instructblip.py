"""X-InstructBLIP, through its own `Blip2VicunaXInstruct.generate`.

Repository: salesforce/LAVIS
Commit: 2c39f64bbc1bdab3c6089d3785b7755d10088066
    to be checked out: the entry point's. Other files were read at the commits beside them
Entry point: lavis/models/blip2_models/blip2_vicuna_xinstruct.py, Blip2VicunaXInstruct.generate;
    loaded and called as in projects/xinstructblip/demo/run_demo.py at
    b28106dc1dbd61cb8414c5b20fb5b6f282c47e5c
Run from: the repository's folder.
Checkpoint: a file of projects/xinstructblip/demo/configs, such as vicuna7b_v2.yaml, in which
    `llm_model` and `audio_encoder_kwargs.checkpoint_path` (BEATs) were set.
Needs: transformers 4.28 or later, CUDA; its README asks for 40 GB of memory. Its 3D part is
    imported with it (KNN_CUDA).
Licence: BSD-3-Clause (code).
Status: never run with weights.

4 frames; the first 10.24 s of sound. The Q-Formers read 128 tokens of the text (BERT's), and cut
the rest from the front: longer texts are refused. A sound that can't be read becomes zeros in
`BeatsAudioProcessor`; here it fails.
"""

from __future__ import annotations

from typing import Any

NAME = "x-instructblip"
CAPABILITIES = {"video": 1, "audio": 1, "text_budget": 126}
LIMITS: dict[str, Any] = {
    "text_tokens": 128,
    "text_cut": "front",
    "frames": 4,
    "audio_seconds": 10.24,
}


class Refused(Exception):
    """What this question asks for can't be done, in a sentence."""


def load(checkpoint: str, device: str) -> Any:
    """Model, its processors of sound and pictures, and the device."""
    from lavis.common.registry import registry
    from lavis.models.blip2_models import blip2_vicuna_xinstruct  # noqa: F401  (it registers)
    from lavis.processors.alpro_processors import AlproVideoEvalProcessor
    from lavis.processors.audio_processors import BeatsAudioProcessor
    from omegaconf import OmegaConf

    whole: Any = OmegaConf.load(checkpoint)
    config = whole.get("model", None)
    model = registry.get_model_class(config.arch).from_config(config).to(device).eval()
    hears = BeatsAudioProcessor(
        model_name="iter3", sampling_rate=16000, n_frames=2, is_eval=False, frame_length=512
    )
    return model, hears, AlproVideoEvalProcessor(n_frms=4, image_size=224), device


def answer(
    loaded: Any,
    *,
    text: str,
    video: str | None = None,
    audio: str | None = None,
    max_new_tokens: int,
    temperature: float | None = None,
) -> str:
    """The reply, by beam search as in the demo, sampled where a temperature is given."""
    if not (video or audio):
        raise Refused("X-InstructBLIP answers about media; this question has none.")
    model, hears, sees, device = loaded
    samples: dict[str, Any] = {"prompt": text}
    if audio:
        sound = hears(audio)
        if not sound.any():
            raise RuntimeError("The sound was not read, and would have been silence.")
        samples["audio"] = sound.unsqueeze(0).to(device)
    if video:
        samples["video"] = sees(video).unsqueeze(0).to(device)
    replies = model.generate(
        samples,
        length_penalty=1.0,
        repetition_penalty=1.5,
        num_beams=1 if temperature else 5,
        max_length=max_new_tokens,
        min_length=1,
        top_p=0.9,
        temperature=temperature or 1,
        use_nucleus_sampling=bool(temperature),
        special_qformer_input_prompt=text,
    )
    return str(replies[0])


def count_tokens(loaded: Any, text: str) -> int:
    """Tokens of a text for the Q-Formers, without the two marks around it."""
    return len(loaded[0].tokenizer(text, add_special_tokens=False).input_ids)
