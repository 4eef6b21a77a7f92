"""Looks whether the configured roles can work here, and says of each part what would help.

Asks nothing of any model. Only servers that the user configured are talked to, for the list of
what they serve.
"""

import os
import shutil
import tempfile
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from aurelia.errors import ConfigurationError
from aurelia.media.tools import check_media_tools
from aurelia.models.doctor_limits import check_limits
from aurelia.models.endpoints import check_endpoint, has_endpoint
from aurelia.models.installed import check_extras, check_packages
from aurelia.models.keys import check_keys
from aurelia.models.limits import provider_of
from aurelia.models.overview import Known, overview
from aurelia.models.profiles import usable_profile
from aurelia.models.registry import GROUNDED, ResolvedModel, resolve_model
from aurelia.settings import Settings, load_settings
from aurelia.types.finding import Finding

PROFILE = "profile"
"""The role under which a profile is listed that is there to be used."""
LITTLE_BYTES = 1024**3
_SIZES = ("bytes", "kB", "MB", "GB", "TB")


def examine(played: Sequence[tuple[str, str]]) -> dict[str, list[Finding]]:
    """All that can be checked of an installation, by headings in the order of their weight.

    Takes about a second, and longer where servers don't answer.

    Args:
        played: roles and the strings of their models; a profile that no role uses has the role
            `profile`, and stops nothing.
    """
    return {
        "Models": [_model(each) for each in overview(played)],
        "Servers": check_servers(played),
        "Keys": _keys(played),
        "Limits": check_limits(name for _, name in played),
        "Media": check_media_tools(),
        "Cache": [_cache()],
        "Packages": check_packages(),
        "Extras": check_extras(),
    }


def check_servers(played: Sequence[tuple[str, str]]) -> list[Finding]:
    """Whether the servers of those models answer that can be set up; all are asked at once."""
    roles: dict[str, set[str]] = {}
    for role, name in played:
        roles.setdefault(name.removeprefix(GROUNDED), set()).add(role)
    found = [(model, roles[name]) for name in roles if (model := _served(name))]
    if not found:
        return []
    with ThreadPoolExecutor(len(found)) as pool:
        answers = pool.map(lambda each: check_endpoint(each[0]), found)
        return [_weighed(answer, who) for answer, (_, who) in zip(answers, found, strict=True)]


def _served(name: str) -> ResolvedModel | None:
    """The model, where it can be set up and is served at an address of the user's own."""
    try:
        model = resolve_model(name)
    except ConfigurationError:  # told among the models
        return None
    return model if has_endpoint(model) else None


def _model(each: Known) -> Finding:
    roles = ", ".join(each.roles)
    if each.problem:
        text = f"as {roles}: {each.problem.rstrip('.')}"
        return _weighed(Finding(each.model, "missing", text, blocks=True), each.roles)
    return Finding(each.model, "ok", f"as {roles}")


def _weighed(finding: Finding, roles: Collection[str]) -> Finding:
    """What is wrong with a profile that no role uses stops nothing."""
    return replace(finding, blocks=False) if set(roles) == {PROFILE} else finding


def _keys(played: Sequence[tuple[str, str]]) -> list[Finding]:
    used, more = set(), []
    for role, name in played:
        profile = usable_profile(name.removeprefix(GROUNDED))
        if profile and profile.api_key_env:
            more.append(profile.api_key_env)
        elif role != PROFILE:
            used.add(provider_of(name.removeprefix(GROUNDED)))
    return check_keys(used, more)


def _cache() -> Finding:
    try:
        settings = load_settings()
    except ConfigurationError as error:
        return Finding("settings", "missing", str(error).rstrip("."), blocks=True)
    folder = settings.cache_dir
    help_ = "set AURELIA_CACHE_DIR to a folder that you may write to"
    there = next(
        (place for place in (folder, *folder.absolute().parents) if place.exists()), folder
    )
    try:
        if there == folder:
            with tempfile.TemporaryFile(dir=folder):
                pass
        else:  # looking leaves nothing behind, and a folder may refuse others in it
            with tempfile.TemporaryDirectory(dir=there):
                pass
        free = shutil.disk_usage(there).free
    except OSError as error:
        said = error.strerror or str(error)
        return Finding(str(folder), "missing", f"can't be written: {said}", help_, blocks=True)
    text = _contents(folder, settings) if there == folder else "is made when it is first needed"
    if free < LITTLE_BYTES:
        help_ = "make room, or set AURELIA_CACHE_DIR to a folder elsewhere"
        return Finding(str(folder), "warning", f"{text}; only {_size(free)} are left there", help_)
    return Finding(str(folder), "ok", text)


def _contents(folder: Path, settings: Settings) -> str:
    total = files = 0
    for directory, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(directory) / name).lstat().st_size
            except OSError:  # a run beside this one has just removed it
                continue
            files += 1
    most = _size(settings.cache_max_bytes)
    held = f"{_size(total)} in {files:,} file{'s' * (files != 1)}" if files else "empty"
    return f"writable, {held}; each cache in it may grow to {most}"


def _size(amount: float) -> str:
    """`1.5 GB`."""
    for unit in _SIZES:
        if amount < 1024 or unit == _SIZES[-1]:
            return f"{amount:.0f} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1024
    return ""
