"""Writes a Gemma 4 that fits in a test: its architecture and processors, 180,000 weights.

Run as a script, because building a model loads torch: `python tiny_gemma.py DIRECTORY`. Everything
is made here. The weights are drawn at random from a fixed seed, so what it says is noise, but the
noise depends on what it is shown. One byte of text is one token.
"""

import sys
from pathlib import Path
from typing import Any

PAD, EOS, BOS, VIDEO = "<pad>", "<eos>", "<bos>", "<|video|>"
MARKS = {
    "image_token": "<|image|>",
    "boi_token": "<|image>",
    "eoi_token": "<image|>",
    "audio_token": "<|audio|>",
    "boa_token": "<|audio>",
    "eoa_token": "<audio|>",
}
TURNS = {"sot_token": "<|turn>", "eot_token": "<turn|>"}
TEMPLATE = """\
{{ bos_token }}
{%- for message in messages -%}
<|turn>{{ message.role }}
{% for part in message.content -%}
{%- if part.type == "text" -%}{{ part.text }}{%- else -%}<|{{ part.type }}|>{%- endif -%}
{%- endfor %}<turn|>
{% endfor -%}
{%- if add_generation_prompt -%}<|turn>model
{% endif -%}
"""
SEED = 20
SIZE = 32
SPREAD = 0.3  # of the weights: with the usual 0.02, all inputs would lead to the same words


def write_model(directory: Path) -> None:
    """Model, tokenizer, processors and chat template, as `transformers serve` loads them."""
    import torch
    import transformers

    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    processor = transformers.Gemma4Processor(
        feature_extractor=transformers.Gemma4AudioFeatureExtractor(),
        image_processor=transformers.Gemma4ImageProcessor(max_soft_tokens=70),
        video_processor=transformers.Gemma4VideoProcessor(max_soft_tokens=70),
        tokenizer=_tokenizer(),
        chat_template=TEMPLATE,
    )
    processor.save_pretrained(directory)
    words = processor.tokenizer
    ids = {name: words.convert_tokens_to_ids(token) for name, token in MARKS.items()}
    heads = {"num_attention_heads": 2, "head_dim": SIZE // 2, "intermediate_size": 2 * SIZE}
    config = transformers.Gemma4Config(
        text_config={
            **heads,
            "hidden_size": SIZE,
            "num_hidden_layers": 2,
            "num_key_value_heads": 1,
            "global_head_dim": SIZE // 2,
            "layer_types": ["sliding_attention", "full_attention"],
            "vocab_size": len(words),
            "vocab_size_per_layer_input": len(words),
            "hidden_size_per_layer_input": 8,
            "max_position_embeddings": 16_384,
            "initializer_range": SPREAD,
            "tie_word_embeddings": False,
            "pad_token_id": words.pad_token_id,
            "eos_token_id": words.eos_token_id,
            "bos_token_id": words.bos_token_id,
        },
        vision_config={
            **heads,
            "hidden_size": SIZE,
            "num_hidden_layers": 1,
            "num_key_value_heads": 2,
            "position_embedding_size": 1024,
            "initializer_range": SPREAD,
        },
        audio_config={
            "hidden_size": SIZE,
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "subsampling_conv_channels": [128, 4],
            "output_proj_dims": SIZE,
            "initializer_range": SPREAD,
        },
        image_token_id=ids["image_token"],
        boi_token_id=ids["boi_token"],
        eoi_token_id=ids["eoi_token"],
        audio_token_id=ids["audio_token"],
        boa_token_id=ids["boa_token"],
        eoa_token_index=ids["eoa_token"],
        video_token_id=words.convert_tokens_to_ids(VIDEO),
        initializer_range=SPREAD,
        tie_word_embeddings=False,
    )
    model = transformers.Gemma4ForConditionalGeneration(config)
    model.generation_config.do_sample = False
    model.save_pretrained(directory)


def _tokenizer() -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    table = {token: index for index, token in enumerate([PAD, EOS, BOS, *letters])}
    words = Tokenizer(models.BPE(vocab=table, merges=[]))
    words.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    words.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(
        tokenizer_object=words,
        pad_token=PAD,
        eos_token=EOS,
        bos_token=BOS,
        extra_special_tokens={**MARKS, **TURNS, "video_token": VIDEO},
    )


if __name__ == "__main__":
    write_model(Path(sys.argv[1]))
