"""A Gemma 4 behind the worker: loaded as transformers loads any, asked with frames and sounds.

The reply says what came of the media, too: how many tokens the prompt has, and a hash of the
numbers that its sounds became.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

NAME = "tiny-gemma"
CAPABILITIES = {"image": 8, "audio": 2}


def load(checkpoint: str, device: str) -> tuple[Any, Any]:
    """Processor and model of a directory."""
    import torch
    from transformers import AutoModelForImageTextToText, AutoProcessor

    torch.set_num_threads(1)
    model = AutoModelForImageTextToText.from_pretrained(checkpoint)
    return AutoProcessor.from_pretrained(checkpoint), model.to(device).eval()


def answer(
    model: tuple[Any, Any], *, parts: list[tuple[str, str, str]], max_new_tokens: int
) -> str:
    """What the model says, greedily, and what it was given."""
    import torch

    processor, gemma = model
    content = [{"type": kind, "text" if kind == "text" else "path": v} for _, kind, v in parts]
    inputs = processor.apply_chat_template(
        [{"role": "user", "content": content}],
        add_generation_prompt=True,
        tokenize=True,
        return_dict=True,
        return_tensors="pt",
    )
    with torch.inference_mode():
        ids = gemma.generate(**inputs, max_new_tokens=max_new_tokens, do_sample=False)
    tokens = inputs["input_ids"].shape[1]
    heard = inputs.get("input_features")
    sounds = "" if heard is None else hashlib.sha256(heard.numpy().tobytes()).hexdigest()
    said = processor.decode(ids[0][tokens:], skip_special_tokens=True)
    return json.dumps({"tokens": tokens, "sounds": sounds, "said": said})


def count_tokens(model: tuple[Any, Any], text: str) -> int:
    """By its tokenizer."""
    return len(model[0].tokenizer.encode(text, add_special_tokens=False))
