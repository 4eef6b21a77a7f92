"""The documented script is one."""

import re
from pathlib import Path

from aurelia.models.scripted import load_script
from aurelia.types.replies import SCHEMAS

DOCUMENT = Path(__file__).parents[2] / "docs" / "models.md"
OUTPUTS = {"actor": "reasoning", "critic": "verdict"}


def test_the_documented_script_loads_and_its_replies_fit_their_schemas(tmp_path: Path) -> None:
    block = re.search(r"```yaml\n(.*?)```", DOCUMENT.read_text("utf-8"), re.S)
    assert block
    file = tmp_path / "script.yaml"
    file.write_text(block.group(1), "utf-8")
    script = load_script(file).script
    assert script.model == "my-fake"
    assert {entry.role for entry in script.replies} == {"actor", "summarizer", "critic", "target"}
    for entry in script.replies:
        if entry.json_ is not None:
            SCHEMAS[OUTPUTS[entry.role]].model_validate(entry.json_)
