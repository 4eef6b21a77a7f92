"""Whatever stands in a file of the right shape: rows are skipped or made, nothing breaks."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aurelia.bench.imports.manifest import beside
from aurelia.bench.imports.rows import Wish
from aurelia.bench.imports.run import Imported, collect, write
from aurelia.bench.imports.skipped import write_skipped
from aurelia.bench.sample import faults, read_samples
from aurelia.errors import InputError
from tests.bench.imports import shapes
from tests.bench.imports.shapes import media, put

OWN = [{"clip": "a.mp4", "question": "Which?", "options": ["x", "y"], "answer": "B", "id": "1"}] * 2
SHAPES: dict[str, Any] = {
    "music-avqa": shapes.MUSIC_AVQA,
    "avsd": shapes.AVSD,
    "valor32k": shapes.VALOR,
    "av-odyssey": shapes.AV_ODYSSEY,
    "daily-omni": shapes.DAILY_OMNI,
    "worldsense": shapes.WORLDSENSE,
    "omnivideobench": shapes.OMNIVIDEOBENCH,
    "avhbench": shapes.AVHBENCH,
    "jsonl": OWN,
}
CLIPS = (
    "00000093.mp4", "00000094.mp4", "ABCDE.mp4", "FGHIJ.mp4", "x-2Abohj8VY.mp4", "00191.mp4",
    "video_1.mp4", "abCDefGH.mp4", "G_VTkkb34gw.mp4", "16_3.mp4", "a.mp4",
    *(f"audio/16_3_{n}.wav" for n in range(1, 5)),
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4)
    | st.sampled_from(["[]", '["a"]', "A", "yes", "\ud800", "a_1_2", "[audio9]", "<x>", " "]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=4,
)  # fmt: skip


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value within data."""
    inner = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in inner if isinstance(data, dict | list) else ():
        yield (*path, key)
        yield from places(value, (*path, key)) if isinstance(value, dict | list) else ()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all the clips."""
    made = tmp_path_factory.mktemp("any")
    media(made / "clips", *CLIPS)
    return made


@pytest.mark.parametrize("name", SHAPES)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(draw=st.data())
def test_one_value_may_be_anything(folder: Path, name: str, draw: st.DataObject) -> None:
    data = copy.deepcopy(SHAPES[name])
    *way, last = draw.draw(st.sampled_from(list(places(data))))
    holder = data
    for key in way:
        holder = holder[key]
    holder[last] = draw.draw(JSON)
    file = folder / "any.json"
    file.write_text(json.dumps(data))
    try:
        made = collect(name, [file], folder / "clips", folder, wish=Wish(turns="all"))
    except InputError as error:
        told = str(error)
    else:
        told = _written(folder, made)
    assert "any.json" in told or "rows gives a sample" in told


def _written(folder: Path, made: Imported) -> str:
    path = folder / "samples.jsonl"
    write(path, made, Wish(), None, None)
    write_skipped(path, made.skipped)
    assert not any(faults(sample) for sample in made.samples)
    assert len(read_samples(path)) == len(made.samples) == len({s.id for s in made.samples})
    return made.samples[0].source


def test_a_link_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    clips = media(tmp_path / "clips", "00000094.mp4")
    (clips / "00000093.mp4").symlink_to(tmp_path / "gone")
    file = put(tmp_path / "a.json", shapes.MUSIC_AVQA)
    made = collect("music-avqa", [file], clips, tmp_path)
    assert "00000093.mp4 can't be read" in made.skipped[-1].reason


def test_half_a_character_skips_its_row(tmp_path: Path) -> None:
    row = {"clip": "a.mp4", "question": "Is it\ud800?", "answer": "yes"}
    file = tmp_path / "a.jsonl"
    file.write_text("\n".join(json.dumps(r) for r in (row, row | {"question": "Loud?"})))
    made = collect("jsonl", [file], media(tmp_path / "c", "a.mp4"), tmp_path)
    assert [sample.question for sample in made.samples] == ["Loud?"]
    assert "half a character" in made.skipped[0].reason


def test_a_number_of_thousands_of_digits_is_no_crash(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[" + "1" * 5000 + "]")
    with pytest.raises(InputError, match="holds what can't be read"):
        collect("csv", [tmp_path / "a.json"], media(tmp_path / "c"), tmp_path)


def test_references_in_the_place_of_the_dialogues_are_refused(tmp_path: Path) -> None:
    file = put(tmp_path / "lbl_undisclosedonly_test_set4DSTC7-AVSD.json", shapes.AVSD_REFERENCES)
    with pytest.raises(InputError, match=r"holds references.*--references"):
        collect("avsd", [file], media(tmp_path / "c", "ABCDE.mp4"), tmp_path)


@pytest.mark.parametrize(
    ("samples", "name"),
    [
        ("a.jsonl", "a.x.json"),
        ("a.v1", "a.v1.x.json"),
        ("a", "a.x.json"),
        ("a.b.jsonl", "a.b.x.json"),
    ],
)
def test_files_beside_do_not_clash(samples: str, name: str) -> None:
    assert beside(Path("d") / samples, ".x.json") == Path("d") / name
