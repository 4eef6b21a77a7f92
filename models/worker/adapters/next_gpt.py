"""NExT-GPT (7b_tiva_v0), through its own `NextGPTModel.generate`.

Repository: NExT-GPT/NExT-GPT
Commit: 8f8af85e2c3b92cc1e657e277abda86a3a87fda9
    to be checked out: the entry point's. Other files were read at the commits beside them
Entry point: code/model/anyToImageVideoAudio.py, NextGPTModel.generate(inputs); loaded as in
    code/inference.py at 8f3546ddbf368119ab5cf9ff4ba202101ce7a15b, prompted after code/demo_app.py
    at 4a7ac52c39efb56f471ed736b6a6f68416afdf66
Run from: code/ (of that commit: later ones keep it as NExT-GPT-Lagacy)
Checkpoint: the folder with `pytorch_model.pt`, such as ../ckpt/delta_ckpt/nextgpt/7b_tiva_v0/.
Needs: CUDA, ImageBind, Vicuna 7b and the paths of `config/*.yaml`.
Licence: BSD-3-Clause, and non-commercial by its README.
Status: never run with weights.

Media reach it as marks in the prompt alone; the paths beside it are read by nobody. The prompt is
split at " <" and at "> ", so that of two marks with one space between them, as its demo writes
them, the second stays text, and that medium is lost: here a word stands between them. A text with
" <" or "> " would lose these, and is refused. Sound and pictures become one ImageBind vector each:
3 windows of 2 s, and 5. It is told to make no image, video or sound, and always samples. A reply of
one token fails in its code.
"""

from __future__ import annotations

from typing import Any

NAME = "next-gpt"
CAPABILITIES = {"video": 1, "audio": 1, "image": 1}
LIMITS: dict[str, Any] = {"frames": 10, "video_seconds": 10, "audio_seconds": 6}
RESERVED = (" <", "> ", "###")


def load(checkpoint: str, device: str, *, stage: str = "2") -> Any:
    """The model in half precision."""
    import torch
    from config import load_config
    from model.anyToImageVideoAudio import NextGPTModel

    settings = {
        "model": "nextgpt",
        "nextgpt_ckpt_path": checkpoint,
        "max_length": 128,
        "stage": int(stage),
        "root_dir": "../",
        "mode": "validate",
    }
    settings.update(load_config(settings))
    model = NextGPTModel(**settings)
    delta = torch.load(checkpoint.rstrip("/") + "/pytorch_model.pt", map_location="cpu")
    model.load_state_dict(delta, strict=False)
    return model.eval().half().to(device)


def answer(
    model: Any,
    *,
    text: str,
    video: str | None = None,
    audio: str | None = None,
    images: list[str],
    max_new_tokens: int,
    temperature: float | None = None,
    top_p: float | None = None,
) -> str:
    """The reply; temperature 0 keeps the first token alone."""
    given = {"Image": images[0] if images else None, "Audio": audio, "Video": video}
    marks = [f"<{kind}>{path}</{kind}>" for kind, path in given.items() if path]
    greedy = temperature == 0
    said = model.generate(
        {
            "prompt": f"### Human: {' and '.join(marks)} {text}",
            "image_paths": images,
            "audio_paths": [audio] if audio else [],
            "video_paths": [video] if video else [],
            "thermal_paths": [],
            "top_p": 1e-6 if greedy else 1.0 if top_p is None else top_p,
            "temperature": 0.4 if temperature is None else temperature or 1.0,
            "max_tgt_len": max_new_tokens,
            "modality_embeds": None,
            "filter_value": -float("inf"),
            "min_word_tokens": 10,
            "gen_scale_factor": 4.0,
            "stops_id": [[835], [2277, 29937]],
            "ENCOUNTERS": 1,
            "load_sd": False,
            "generator": None,
            "max_num_imgs": 0,
            "max_num_vids": 0,
            "max_num_auds": 0,
        }
    )
    return "".join(part for part in said if isinstance(part, str)).split("###")[0].strip()


def count_tokens(model: Any, text: str) -> int:
    """Tokens of a text, without marks."""
    return len(model.llama_tokenizer(text, add_special_tokens=False).input_ids)
