"""What a journal has counted is on disk: torn lines, killed writers, full disks, bad lines."""

import json
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurelia.bench.journal import Journal
from aurelia.bench.journal_head import BadLine, read_head
from aurelia.bench.lines import Lines
from aurelia.errors import InputError, RunError

KEY = ("name", "n")
SCALARS = st.one_of(st.text(), st.integers(), st.booleans(), st.none(), st.floats(-1e9, 1e9))
VALUES = st.recursive(
    SCALARS, lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(), v, max_size=3)
)

WRITER = """
import sys
from pathlib import Path
from aurelia.bench.journal import Journal
with Journal(Path(sys.argv[1]), ("name", "n")) as journal:
    start = len(journal)
    for n in range(start, start + 1000):
        journal.append({"name": "a", "n": n, "text": "x" * 3000})
        print(n, flush=True)
"""


def _record(n: int, name: str = "a", **rest: Any) -> dict[str, Any]:
    return {"name": name, "n": n, **rest}


def test_records_are_found_again_by_key(tmp_path: Path) -> None:
    path = tmp_path / "new" / "records.jsonl"
    with Journal(path, KEY, ("score",)) as journal:
        assert journal.append(_record(1, score=0.5, text="é\u2028\ud800")) == ("a", 1)
        journal.append(_record(2, name="b"))
    with Journal(path, KEY, ("score",)) as journal:
        assert list(journal.done) == [("a", 1), ("b", 2)]
        assert journal.head(("a", 1)) == {"score": 0.5}
        assert journal.head(("b", 2)) == {"score": None}
        assert journal.read(("a", 1)) == _record(1, score=0.5, text="é\u2028\ud800")
        assert journal.read(("c", 1)) is None
        assert [record["n"] for record in journal] == [1, 2]
    assert path.read_bytes().count(b"\n") == 2


@given(records=st.lists(st.dictionaries(st.text(), VALUES, max_size=4), max_size=4), data=st.data())
def test_a_file_cut_anywhere_holds_the_records_before_the_cut(
    tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, Any]], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("cut") / "records.jsonl"
    with Journal(path, KEY) as journal:
        ends = []
        for n, record in enumerate(records):
            journal.append(record | _record(n))
            ends.append(path.stat().st_size)
    whole = path.read_bytes()
    at = data.draw(st.integers(0, len(whole)))
    path.write_bytes(whole[:at])
    kept = sum(end - 1 <= at for end in ends)  # a line that lacks its newline alone is whole
    reading = Lines(path, KEY)
    with Journal(path, KEY) as journal:
        assert list(journal.done) == list(reading.done) == [("a", n) for n in range(kept)]
        assert [journal.read(("a", n)) for n in range(kept)] == [
            records[n] | _record(n) for n in range(kept)
        ]
        journal.append(_record(99))
    assert path.read_bytes().startswith(whole[: ends[kept - 1] if kept else 0])
    assert len(Lines(path, KEY)) == kept + 1


def test_a_killed_writer_loses_nothing_that_it_had_counted(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    counted = -1
    for stop in (3, 1, 7):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout
        with process.stdout as said:
            for _ in range(stop):
                counted = int(said.readline())
            process.send_signal(signal.SIGKILL)
            rest = said.read().split()
        process.wait()
        counted = int(rest[-1]) if rest else counted
        held = list(Lines(path, KEY).done)
        assert held[: counted + 1] == [("a", n) for n in range(counted + 1)]
        assert len(held) == len(set(held)) <= counted + 2
        counted = len(held) - 1


def test_two_writers_are_refused_and_readers_are_not(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    with Journal(path, KEY) as journal:
        journal.append(_record(1))
        with pytest.raises(InputError, match="being written by another process"):
            Journal(path, KEY)
        assert len(Lines(path, KEY)) == 1
    Journal(path, KEY).close()


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ('{"name": "a", "n": 1', "it is no JSON"),
        ("[1]", "no JSON object"),
        ('{"name": "a"}', "no field 'n'"),
        ('{"name": ["a"], "n": 1}', "'name' is neither a text nor a number"),
        ("", "it is no JSON"),
        ("\0" * 40, "it is no JSON"),
        ('{"name": "\udcff", "n": 1}', "it is no JSON"),
    ],
)
def test_a_bad_line_in_the_middle_is_named(tmp_path: Path, bad: str, why: str) -> None:
    path = tmp_path / "records.jsonl"
    good = json.dumps(_record(1)).encode()
    path.write_bytes(good + b"\n" + bad.encode("utf-8", "surrogateescape") + b"\n" + good + b"\n")
    with pytest.raises(InputError, match=rf"records\.jsonl, line 2: .*{why}"):
        Journal(path, KEY)
    Journal(tmp_path / "other.jsonl", KEY).close()  # and no lock was left behind
    with pytest.raises(InputError, match="line 2"):
        Journal(path, KEY)


def test_damage_further_on_in_a_line_is_found_when_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text('{"name": "a", "n": 1, "text": "abc}\n{"name": "a", "n": 2}\n', "utf-8")
    lines = Lines(path, KEY)
    with pytest.raises(InputError, match="the record a, 1 is damaged"):
        lines.read(("a", 1))
    assert lines.read(("a", 2)) == _record(2)


def test_the_last_line_of_a_key_stands(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    with Journal(path, KEY) as journal:
        journal.append(_record(1, text="old"))
        journal.append(_record(2))
        with pytest.raises(ValueError, match="has the record a, 1 already"):
            journal.append(_record(1, text="new"))
        journal.append(_record(1, text="new"), again=True)
        assert (len(journal), journal.replaced) == (2, 1)
    lines = Lines(path, KEY)
    assert (list(lines.done), lines.replaced) == ([("a", 2), ("a", 1)], 1)
    assert [record.get("text") for record in lines] == [None, "new"]


def test_a_full_disk_is_told_and_leaves_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with Journal(path, KEY) as journal:
        journal.append(_record(1))
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 10, hard))
        try:
            with pytest.raises(RunError, match="can't be written: File too large"):
                journal.append(_record(2))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            signal.signal(signal.SIGXFSZ, ignored)
        assert list(journal.done) == [("a", 1)]
        journal.append(_record(2))
    assert [json.loads(line)["n"] for line in path.read_text("utf-8").splitlines()] == [1, 2]


def test_what_was_torn_is_told(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text('{"name": "a", "n": 1}\n{"name": "a"', "utf-8")
    told = list[int]()
    Journal(path, KEY, on_torn=told.append).close()
    assert told == [len('{"name": "a"')]
    assert path.read_text("utf-8") == '{"name": "a", "n": 1}\n'


def test_an_unwritable_place_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match=r"can't be opened: .*\.$"):
        Journal(tmp_path / "file" / "records.jsonl", KEY)
    with pytest.raises(InputError, match="can't be read: No such file"):
        Lines(tmp_path / "none.jsonl", KEY)


@given(record=st.dictionaries(st.sampled_from("abcdefg"), VALUES), wide=st.booleans())
def test_a_head_is_what_the_whole_line_says(record: dict[str, Any], wide: bool) -> None:
    line = json.dumps(record, ensure_ascii=wide, separators=None if wide else (",", ":"))
    wanted = all(isinstance(record.get(k), str | int | float) for k in "ab")
    try:
        found = read_head(line.encode("utf-8", "backslashreplace") + b"\n", ("a", "b"), ("c",))
    except BadLine:
        assert not wanted
    else:
        assert wanted
        assert list(found) == [record["a"], record["b"], record.get("c")]


def test_a_head_longer_than_the_first_look_is_read(tmp_path: Path) -> None:
    line = json.dumps(_record(7, name="é" * 5000), ensure_ascii=False).encode()
    assert read_head(line, KEY) == ("é" * 5000, 7)


def test_descriptors_are_given_back(tmp_path: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        with Journal(tmp_path / "records.jsonl", KEY):
            pass
    assert len(list(Path("/proc/self/fd").iterdir())) == before
