"""From saved runs to cases for a critic."""

from collections.abc import Iterable
from pathlib import Path

from aurelia.bench.cases import CriticCase
from aurelia.bench.mutate import lies
from aurelia.errors import InputError
from aurelia.media.open import open_clip
from aurelia.saved import find_run, load_run
from aurelia.types.clip import Clip
from aurelia.types.trajectory import Trajectory


def cases_from_runs(
    runs: Iterable[str], runs_dir: Path, clips: Path
) -> tuple[list[CriticCase], list[str]]:
    """A true case from the accepted caption of each run, and its lies.

    That a critic accepted a caption is what makes it count as true here: read them before they
    are used to examine another critic.

    Args:
        runs: folders, trajectory files, or ids below `runs_dir`.
        runs_dir: where runs are saved.
        clips: where the clips are, as a saved run only names them.

    Returns:
        The cases, their paths as found, and a sentence for each run that gave none.

    Raises:
        InputError: a run can't be read, its clip is not there or another one, or no run gave a
            case.
    """
    cases: list[CriticCase] = []
    skipped: list[str] = []
    seen: set[str] = set()
    for name in runs:
        trajectory = load_run(find_run(name, runs_dir))
        best = trajectory.best_iteration
        if trajectory.stop_reason != "accepted" or best is None or not best.caption.strip():
            skipped.append(f"{name}: no caption was accepted ({trajectory.stop_reason})")
        elif trajectory.id in seen:
            skipped.append(f"{name}: the same run was given before")
        else:
            seen.add(trajectory.id)
            cases += _cases(trajectory, best.caption.strip(), clips)
    if not cases:
        raise InputError(f"No run has an accepted caption: {'; '.join(skipped)}.")
    return cases, skipped


def _cases(run: Trajectory, caption: str, clips: Path) -> list[CriticCase]:
    clip = run.clip
    true = CriticCase(
        id=f"{run.id}-true",
        clip=str(_found(clip.path, clips)),
        audio=str(_found(clip.audio, clips)) if clip.audio else None,
        candidates={c.label: str(_found(c.path, clips)) for c in clip.candidates},
        start_s=clip.start_s,
        end_s=clip.end_s,
        question=run.question,
        caption=caption,
        truth="true",
    )
    _check_same(true, clip)
    return [
        true,
        *(
            true.model_copy(
                update={
                    "id": f"{run.id}-{lie.kind}",
                    "caption": lie.caption,
                    "truth": "lie",
                    "kind": lie.kind,
                    "of": true.id,
                }
            )
            for lie in lies(caption)
        ),
    ]


def _found(path: str, clips: Path) -> Path:
    for candidate in (clips / Path(path).name, Path(path)):
        if candidate.is_file():
            return candidate.absolute()
    raise InputError(
        f"The clip {Path(path).name!r} is not in {clips}; name its folder with --clips."
    )


def _check_same(case: CriticCase, clip: Clip) -> None:
    opened = open_clip(case.clip, case.audio)
    if (opened.sha256, opened.audio_sha256) != (clip.sha256, clip.audio_sha256):
        raise InputError(
            f"{case.clip} is not the file that the run was about; name the right folder with "
            "--clips."
        )
