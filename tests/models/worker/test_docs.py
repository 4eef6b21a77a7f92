"""What docs/worker.md says: its adapter runs, its options are those that there are."""

import json
import re
import subprocess
import sys
from pathlib import Path

from tests.models.worker.running import WORKER, Running, data_url, medium

PAGE = WORKER.parents[2] / "docs" / "worker.md"
MY_MODEL = """
import json

class Chat:
    tokenizer = type("Words", (), {"encode": staticmethod(str.split)})

    @classmethod
    def from_pretrained(cls, checkpoint, precision):
        made = cls()
        made.seen = {"checkpoint": checkpoint, "precision": precision}
        return made

    def to(self, device):
        self.seen["device"] = device
        return self

    def seed(self, seed):
        self.seen["seed"] = seed

    def generate(self, prompt, media, *, limit, **sampling):
        sizes = [len(open(path, "rb").read()) for path in media]
        told = {"prompt": prompt, "sizes": sizes, "limit": limit, **sampling}
        return json.dumps({**self.seen, **told})
"""


def test_its_adapter_is_short_and_runs(tmp_path: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.S)
    assert len(code.splitlines()) < 30
    (tmp_path / "interleaved.py").write_text(code, "utf-8")
    (tmp_path / "my_model.py").write_text(MY_MODEL, "utf-8")
    options = ("--checkpoint", "weights", "--option", "precision=full")
    with Running(tmp_path / "interleaved.py", *options, cwd=tmp_path) as worker:
        image = medium("image", data_url(b"12345", "image/png"))
        sound = medium("audio", data_url(b"123", "audio/wav"))
        asked = worker.ask(
            "Look: ", image, " listen: ", sound, " well?", model="interleaved", seed=3
        )
        assert json.loads(asked.text) == {
            "checkpoint": "weights",
            "precision": "full",
            "device": "cpu",
            "seed": 3,
            "prompt": "Look: <image> listen: <audio> well?",
            "sizes": [5, 3],
            "limit": 1024,
        }
        assert asked.json["usage"]["prompt_tokens"] == 3
        assert worker.ask("a <audio> b", model="interleaved").status == 400


def test_its_options_are_those_of_the_program() -> None:
    text = PAGE.read_text("utf-8")
    table = text[text.index("| option |") : text.index("## What it answers")]
    told = set(re.findall(r"^\| `(--[a-z-]+)|, `(--[a-z-]+)`", table, re.M))
    shown = subprocess.run(
        [sys.executable, str(WORKER), "--help"], capture_output=True, text=True, check=True
    ).stdout
    there = set(re.findall(r"--[a-z]+(?:-[a-z]+)*", shown)) - {"--help"}
    assert {first or second for first, second in told} == there


def test_its_commands_name_options_that_there_are() -> None:
    shells = "\n".join(re.findall(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.S))
    load = (WORKER.parent / "adapters" / "lmms_eval.py").read_text("utf-8").partition("def load")[2]
    for name in re.findall(r"--option (\w+)=", shells):
        assert re.search(rf"\b{name}: str", load), name
