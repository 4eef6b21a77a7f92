"""OneLLM, through its own `MetaModel.generate`.

Repository: csuhan/OneLLM
Commit: 4de6ac7d46b037953b06e2243e6a8535995b3e3d
    to be checked out: the entry point's. Other files were read at the commits beside them
Entry point: model/meta.py, MetaModel.generate(prompts, images, max_gen_len, temperature, top_p,
    modal); called as in eval/video_qa_msvd.py and eval/audio_cap_clothov2.py at
    cc8ba52d6d2a668edb0581f197e3a8906d351873
Run from: the repository's folder, with `config/llama2/7B.json` and `tokenizer.model` there.
Checkpoint: `consolidated.00-of-01.pth`.
Needs: CUDA with NCCL, fairscale, flash-attn, open_clip (whose weights it downloads),
    pytorchvideo and decord.
Licence: not read; a header of its model names the GPL, version 3.
Status: never run with weights.

ONE medium a question: `forward_inference` reads the first of `modal` and no other, so that a sound
beside a video would be dropped; such a question is refused. 5 frames in 3 crops each; the first
10.24 s of sound. 2,048 tokens for medium (32), text and reply: the reply gets what is left, ends
with "length" where that was too little, and a text that leaves less than 32 is refused.
"""

from __future__ import annotations

from typing import Any

NAME = "onellm"
CAPABILITIES = {"video": 1, "audio": 1, "media": 1, "text_budget": 1500}
LIMITS: dict[str, Any] = {
    "tokens": 2048,
    "tokens_hold": "medium (32), text and reply",
    "least_reply": 32,
    "frames": 5,
    "audio_seconds": 10.24,
}
RESERVED = ("###",)


class Refused(Exception):
    """What this question asks for can't be done, in a sentence."""


def load(checkpoint: str, device: str, *, port: str = "23560") -> Any:
    """The model in half precision; its layers need a process group, of one process here."""
    import torch
    from fairscale.nn.model_parallel import initialize
    from model.meta import MetaModel
    from util.misc import default_tensor_type

    torch.distributed.init_process_group(
        backend="nccl", rank=0, world_size=1, init_method="tcp://127.0.0.1:" + port
    )
    initialize.initialize_model_parallel(1)
    torch.cuda.set_device(device)
    with default_tensor_type(dtype=torch.float16, device="cuda"):
        model = MetaModel("onellm", "config/llama2/7B.json", None, "config/llama2/tokenizer.model")
    model.load_state_dict(torch.load(checkpoint, map_location="cpu"), strict=False)
    return model.half().cuda().eval()


def answer(
    model: Any,
    *,
    text: str,
    video: str | None = None,
    audio: str | None = None,
    max_new_tokens: int,
    temperature: float | None = None,
    top_p: float | None = None,
) -> dict[str, str]:
    """The reply to a text and one medium, or none."""
    import torch
    from data import video_utils
    from data.conversation_lib import conv_templates
    from data.data_utils import make_audio_features

    medium, modal = None, "image"
    if video:
        clips = video_utils.load_and_transform_video_data(
            video, video, clip_duration=1, clips_per_video=5
        )
        medium, modal = clips[:, :, 0], "video"
    elif audio:
        medium, modal = make_audio_features(audio, mel_bins=128).transpose(0, 1)[None], "audio"
    if medium is not None:
        medium = medium[None].cuda().to(torch.float16)
    talk = conv_templates["v1"].copy()
    talk.append_message(talk.roles[0], text)
    talk.append_message(talk.roles[1], None)
    prompt = talk.get_prompt()
    tokens = model.tokenizer.encode(prompt, bos=True, eos=False)
    size = len(tokens) + 32
    most = min(max_new_tokens, LIMITS["tokens"] - size)
    if LIMITS["tokens"] - size < LIMITS["least_reply"]:
        raise Refused(
            f"Text and medium have {size} tokens, too many of 2048 for a reply; shorten the text."
        )
    with torch.cuda.amp.autocast(dtype=torch.float16):
        replies = model.generate(
            [prompt],
            medium,
            most,
            temperature=0.1 if temperature is None else temperature,
            top_p=0.75 if top_p is None else top_p,
            modal=[modal],
        )
    # Replies begin with the prompt as the tokenizer spells it, which need not be as it was.
    begin = len(model.tokenizer.decode(tokens))
    said, mark, _ = str(replies[0])[begin:].partition("###")
    cut = not mark and count_tokens(model, said) >= most
    return {"text": said.strip(), "finish_reason": "length" if cut else "stop"}


def count_tokens(model: Any, text: str) -> int:
    """Tokens of a text, without marks."""
    return len(model.tokenizer.encode(text, bos=False, eos=False))
