"""Video-LLaMA (with its audio branch), through its own `Chat`.

Repository: DAMO-NLP-SG/Video-LLaMA
Commit: e582bd0318a4bc10cc59798ffc99c0267a52ff0a
    to be checked out: the entry point's. Other files were read at the commits beside them
Entry point: video_llama/conversation/conversation_video.py, Chat.upload_video(video_path, conv,
    img_list), Chat.ask(text, conv), Chat.answer(conv, img_list, ...); loaded as in
    demo_audiovideo.py at 19eaab52dc497ca749fa2298aff453a7b6344ccc
Run from: the repository's folder.
Checkpoint: the evaluation file, such as `eval_configs/video_llama_eval_withaudio.yaml`; the paths
    of LLaMA, of both branches' weights and of ImageBind stand in it.
Needs: CUDA, decord, ffmpeg-python and the ffmpeg program.
Licence: not read.
Status: never run with weights.

8 frames, and 8 windows of 2 s of sound (ImageBind). `upload_video` takes the sound from the video
file and, where it finds none, goes on without: so the sound that was sent is put into a copy of
the file, and a question whose sound was not heard fails. `answer` cuts 2,000 tokens of media, text
and reply from the FRONT, where the clip stands: the reply gets what is left, ends with "length"
where that was too little, and a question that leaves less than 32 is refused.
"""

from __future__ import annotations

import subprocess
import tempfile
from argparse import Namespace
from typing import Any

NAME = "video-llama"
CAPABILITIES = {"video": 1, "audio": 1, "text_budget": 1600}
LIMITS: dict[str, Any] = {
    "tokens": 2000,
    "tokens_hold": "media, text and reply",
    "least_reply": 32,
    "frames": 8,
    "audio_seconds": 16,
}
RESERVED = ("<ImageHere>", "<Video>", "</Video>", "###")


class Refused(Exception):
    """What this question asks for can't be done, in a sentence."""


def load(checkpoint: str, device: str, *, model_type: str = "vicuna") -> Any:
    """Its chat, and the conversation that questions begin with."""
    import decord
    from video_llama import models, processors, runners, tasks  # noqa: F401  (they register)
    from video_llama.common.config import Config
    from video_llama.common.registry import registry
    from video_llama.conversation import conversation_video as conversations
    from video_llama.datasets import builders  # noqa: F401

    decord.bridge.set_bridge("torch")
    card = int(device.partition(":")[2] or 0)
    config = Config(
        Namespace(cfg_path=checkpoint, gpu_id=card, model_type=model_type, options=None)
    )
    config.model_cfg.device_8bit = card
    model = registry.get_model_class(config.model_cfg.arch).from_config(config.model_cfg)
    seen = config.datasets_cfg.webvid.vis_processor.train
    processor = registry.get_processor_class(seen.name).from_config(seen)
    begin = "default_conversation" if model_type == "vicuna" else "conv_llava_llama_2"
    chat = conversations.Chat(model.to(device).eval(), processor, device=device)
    return chat, getattr(conversations, begin)


def answer(
    loaded: Any,
    *,
    text: str,
    video: str | None = None,
    audio: str | None = None,
    max_new_tokens: int,
    temperature: float | None = None,
) -> dict[str, str]:
    """The reply; `Chat.answer` always samples, so temperature 0 keeps the first token alone."""
    if not video:
        raise Refused("Video-LLaMA hears a sound in its video only; this question has no video.")
    chat, begin = loaded
    talk: Any = begin.copy()
    media: list[Any] = []
    talk.system, talk.messages = "", list(talk.messages)
    with tempfile.TemporaryDirectory() as folder:
        if audio:
            chat.upload_video(_with_sound(video, audio, folder), talk, media)
        else:
            chat.upload_video_without_audio(video, talk, media)
    if len(media) != (2 if audio else 1):
        raise RuntimeError("The sound was not read, and the model would have answered without it.")
    chat.ask(text, talk)
    ahead = talk.copy()
    ahead.append_message(ahead.roles[1], None)
    size = chat.get_context_emb(ahead, media).shape[1]
    most = min(max_new_tokens, LIMITS["tokens"] - size)
    if LIMITS["tokens"] - size < LIMITS["least_reply"]:
        raise Refused(
            f"Media and text have {size} tokens, too many of Video-LLaMA's 2000 for a reply; it "
            "would cut the clip away. Shorten the text."
        )
    sampling = {"top_p": 1e-6} if temperature == 0 else {"temperature": temperature or 1.0}
    said, _ = chat.answer(
        conv=talk, img_list=media, max_new_tokens=most, max_length=2000, **sampling
    )
    cut = count_tokens(loaded, said) >= most
    return {"text": said, "finish_reason": "length" if cut else "stop"}


def _with_sound(video: str, audio: str, folder: str) -> str:
    whole = folder + "/clip.mkv"
    command = ["ffmpeg", "-v", "error", "-nostdin", "-i", video, "-i", audio]
    subprocess.run([*command, "-map", "0:v:0", "-map", "1:a:0", "-c", "copy", whole], check=True)
    return whole


def count_tokens(loaded: Any, text: str) -> int:
    """Tokens of a text, without marks."""
    return len(loaded[0].model.llama_tokenizer(text, add_special_tokens=False).input_ids)
