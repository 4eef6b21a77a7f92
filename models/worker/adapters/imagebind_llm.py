"""ImageBind-LLM of LLaMA-Adapter, through its own `LLaMA_adapter.generate`.

Repository: OpenGVLab/LLaMA-Adapter
Commit: 688b71311ebe008066cd909bfcf39eaddc9457f3
Entry point: imagebind_LLM/llama/llama_adapter.py, LLaMA_adapter.generate(inputs, prompts,
    max_gen_len, temperature, top_p, ...) and load(name, llama_dir, ...); called as in
    imagebind_LLM/gradio_app.py
Run from: imagebind_LLM/
Checkpoint: name or path of the adapter's weights ("7B-beta" is downloaded by the repository).
    `--option llama_dir=PATH` is the folder with `7B/` and `tokenizer.model`.
Needs: Python 3.9 (its README), CUDA; ImageBind's weights and, with knn, faiss and its index, which
    the repository downloads.
Licence: not read.
Status: never run with weights.

512 tokens for text AND reply (`ModelArgs(max_seq_len=512)`): the reply gets what the text leaves,
ends with "length" where that was too little, and a text that leaves less than 32 is refused. All
media are one weighted ImageBind vector: 3 windows of 2 s of sound, 5 of 2 s of pictures with 2
frames each.
"""

from __future__ import annotations

from typing import Any

NAME = "imagebind-llm"
CAPABILITIES = {"video": 1, "audio": 1, "image": 1, "text_budget": 400}
LIMITS: dict[str, Any] = {
    "tokens": 512,
    "tokens_hold": "text and reply",
    "least_reply": 32,
    "frames": 10,
    "video_seconds": 10,
    "audio_seconds": 6,
}


class Refused(Exception):
    """What this question asks for can't be done, in a sentence."""


def load(
    checkpoint: str, device: str, *, llama_dir: str, llama_type: str = "7B", knn: str = "yes"
) -> Any:
    """The model; `load` of the repository returns, not raises, what went wrong."""
    import llama

    model = llama.load(
        checkpoint, llama_dir, device=device, knn=knn == "yes", llama_type=llama_type
    )
    if isinstance(model, Exception):
        raise model
    return model.eval(), device


def answer(
    loaded: Any,
    *,
    text: str,
    video: str | None = None,
    audio: str | None = None,
    images: list[str],
    max_new_tokens: int,
    temperature: float | None = None,
    top_p: float | None = None,
) -> dict[str, str]:
    """The reply, every medium with weight 1."""
    import llama
    import torch
    from ImageBind import data

    model, device = loaded
    inputs = {}
    if images:
        inputs["Image"] = [data.load_and_transform_vision_data(images, device=device), 1]
    if video:
        inputs["Video"] = [data.load_and_transform_video_data([video], device=device), 1]
    if audio:
        inputs["Audio"] = [data.load_and_transform_audio_data([audio], device=device), 1]
    if not inputs:
        raise Refused("ImageBind-LLM answers about media; this question has none.")
    prompt = model.tokenizer.encode(llama.format_prompt(text), bos=True, eos=False)
    room = LIMITS["tokens"] - len(prompt)
    if room < LIMITS["least_reply"]:
        raise Refused(
            f"The text has {len(prompt)} tokens with the model's own words, which leaves too few "
            "of 512 for a reply; shorten the text."
        )
    most = min(max_new_tokens, room)
    with torch.cuda.amp.autocast():
        replies = model.generate(
            inputs,
            [prompt],
            max_gen_len=most,
            temperature=0.1 if temperature is None else temperature,
            top_p=0.75 if top_p is None else top_p,
        )
    said = str(replies[0]).strip()
    cut = count_tokens(loaded, said) >= most
    return {"text": said, "finish_reason": "length" if cut else "stop"}


def count_tokens(loaded: Any, text: str) -> int:
    """Tokens of a text, without marks."""
    return len(loaded[0].tokenizer.encode(text, bos=False, eos=False))
