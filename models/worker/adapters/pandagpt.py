"""PandaGPT, through its own `OpenLLAMAPEFTModel.generate`.

Repository: yxuansu/PandaGPT
Commit: 735b90c74e6e6a48dbdb72b0fac355dc0c37fa42
    to be checked out: the entry point's. Other files were read at the commits beside them
Entry point: code/model/openllama.py, OpenLLAMAPEFTModel.generate(inputs); loaded as in
    code/web_demo.py at 8abd9a4151a25f12d8cc18bb69153d8e6ce34091
Run from: code/
Checkpoint: the folder `pretrained_ckpt`, with `imagebind_ckpt/`, `vicuna_ckpt/13b_v0/` and
    `pandagpt_ckpt/13b/pytorch_model.pt`; `--option size=7b` takes the folders of 7b.
Needs: CUDA; torchaudio, pytorchvideo and decord, for ImageBind.
Licence: not read.
Status: never run with weights.

All media of a question become ONE vector, their ImageBind embeddings added: 3 windows of 2 s of
sound, 5 of 2 s of pictures (2 frames each), however long the clip. The reply's last two tokens
are cut away by `generate`, which takes them for the stop mark: one that ends at the limit loses
two tokens of text, and is said to end with "length".
"""

from __future__ import annotations

from typing import Any

NAME = "pandagpt"
CAPABILITIES = {"video": 1, "audio": 1, "image": 1}
LIMITS: dict[str, Any] = {"frames": 10, "video_seconds": 10, "audio_seconds": 6}
RESERVED = ("<Img>", "</Img>", "###")


class Refused(Exception):
    """What this question asks for can't be done, in a sentence."""


def load(checkpoint: str, device: str, *, size: str = "13b") -> Any:
    """The model in half precision; `device` names a CUDA card."""
    import torch
    from model.openllama import OpenLLAMAPEFTModel

    torch.cuda.set_device(device)
    model = OpenLLAMAPEFTModel(
        model="openllama_peft",
        imagebind_ckpt_path=checkpoint + "/imagebind_ckpt",
        vicuna_ckpt_path=f"{checkpoint}/vicuna_ckpt/{size}_v0",
        delta_ckpt_path=f"{checkpoint}/pandagpt_ckpt/{size}/pytorch_model.pt",
        stage=2,
        max_tgt_len=128,
        lora_r=32,
        lora_alpha=32,
        lora_dropout=0.1,
    )
    delta = torch.load(model.args["delta_ckpt_path"], map_location="cpu")
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
) -> dict[str, str]:
    """The reply; `generate` always samples, so temperature 0 keeps the first token alone."""
    if not (video or audio or images):
        raise Refused("PandaGPT answers about media; this question has none.")
    greedy = temperature == 0
    reply = model.generate(
        {
            "prompt": text,
            "image_paths": images,
            "audio_paths": [audio] if audio else [],
            "video_paths": [video] if video else [],
            "thermal_paths": [],
            "top_p": 0.0 if greedy else 0.01 if top_p is None else top_p,
            "temperature": temperature or 1.0,
            "max_tgt_len": max_new_tokens,
            # A list that holds an embedding stands for the media: each question has its own.
            "modality_embeds": [],
        }
    )
    said, mark, _ = str(reply).partition("###")
    cut = not mark and count_tokens(model, said) >= max_new_tokens - 2
    return {"text": said.strip(), "finish_reason": "length" if cut else "stop"}


def count_tokens(model: Any, text: str) -> int:
    """Tokens of a text, without marks."""
    return len(model.llama_tokenizer(text, add_special_tokens=False).input_ids)
