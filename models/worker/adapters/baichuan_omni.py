"""Baichuan-Omni-1.5, by the steps of its own web demo.

Repository: baichuan-inc/Baichuan-Omni-1.5
Commit: 624bddd1e6934dbe7dfc8164af86c32baba68b41
    to be checked out: the entry point's. Other files were read at the commits beside them
Entry point: web_demo/vision_s2s_gradio_demo_cosy_multiturn.py, init_model, generate_one_turn and
    generate_text_step; importing it starts its vocoder and model, so the steps are here. Roles'
    marks as in web_demo/video_s2s_gradio_demo_cosy_singleturn.py at
    68e33d01bf22d9d683ddce17933aeb65d927e37a
Run from: anywhere; the model's code comes with its weights (`trust_remote_code`).
Checkpoint: the folder of the weights.
Needs: CUDA; what the remote code imports.
Licence: Apache-2.0 (code); the weights have a licence of their own, free below a million daily
    users.
Status: never run with weights.

Text replies alone; no vocoder is loaded. The demo puts media before the question and samples with
temperature 0.8, which is its default here. How many frames and seconds the remote code takes was
not read.
"""

from __future__ import annotations

import json
import re
from typing import Any

NAME = "baichuan-omni-1.5"
CAPABILITIES = {"video": 1, "audio": 1, "image": 8}
LIMITS: dict[str, Any] = {}
RESERVED = ("_baichuan>", "<B_SYS>", "<C_Q>", "<C_A>", "<|endoftext|>")


def load(checkpoint: str, device: str) -> Any:
    """Model with its processor bound, tokenizer, and the device."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    model = AutoModelForCausalLM.from_pretrained(
        checkpoint, trust_remote_code=True, torch_dtype=torch.bfloat16
    )
    tokenizer = AutoTokenizer.from_pretrained(checkpoint, trust_remote_code=True)
    model = model.to(device)
    model.training = False
    model.bind_processor(tokenizer, training=False, relative_path="/")
    return model, tokenizer, device


def answer(
    loaded: Any,
    *,
    text: str,
    system: str,
    video: str | None = None,
    audio: str | None = None,
    images: list[str],
    max_new_tokens: int,
    temperature: float | None = None,
) -> str:
    """The reply in text."""
    import torch

    model, tokenizer, device = loaded
    media = [("image", "local", path) for path in images]
    media += [("video", "local", path) for path in [video] if path]
    media += [("audio", "path", path) for path in [audio] if path]
    marks = "".join(
        f"<{kind}_start_baichuan>{json.dumps({key: path})}<{kind}_end_baichuan>"
        for kind, key, path in media
    )
    asked = model.processor([f"<B_SYS>{system}<C_Q>{marks}{text}<C_A>"])
    given = {
        name: getattr(asked, name)
        for name in ("patch_nums", "images_grid", "videos_patch_nums", "videos_grid")
    }
    for name in ("attention_mask", "labels", "audios", "encoder_length", "bridge_length"):
        value = getattr(asked, name)
        given[name] = None if value is None else value.to(device)
    for name in ("images", "videos"):
        value = getattr(asked, name)
        given[name] = value and [torch.tensor(one, dtype=torch.float32).to(device) for one in value]
    sampling = {
        "top_k": 20,
        "top_p": 0.85,
        "temperature": 0.8 if temperature is None else temperature,
    }
    said = model.generate(
        input_ids=asked.input_ids.to(device),
        tokenizer=tokenizer,
        max_new_tokens=max_new_tokens,
        stop_strings=["<|endoftext|>"],
        do_sample=temperature != 0,
        repetition_penalty=1.1,
        return_dict_in_generate=True,
        **({} if temperature == 0 else sampling),
        **given,
    )
    reply = tokenizer.decode(said.sequences[0, asked.input_ids.shape[1] :])
    return re.sub(r"<\|endoftext\|>|<audiogen_(start|end)_baichuan>", "", str(reply)).strip()


def count_tokens(loaded: Any, text: str) -> int:
    """Tokens of a text, without marks."""
    return len(loaded[1](text, add_special_tokens=False).input_ids)
