"""What a clip is: references and measured facts, never media bytes."""

from pydantic import BaseModel, ConfigDict, Field


class Candidate(BaseModel):
    """One labelled candidate audio track, as in dance-music matching."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str = Field(description="How prompts and options refer to the track, e.g. `A`.")
    path: str
    sha256: str
    duration_s: float = Field(ge=0)


class Clip(BaseModel):
    """A video and its sound, by reference. Made by `aurelia.open_clip`.

    Times are seconds from the first instant of the file; `start_s` and `end_s` bound the window
    that is looked at (`None`: the file's own start or end).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    sha256: str = Field(description="SHA-256 of the file's bytes, hex.")
    size_bytes: int
    duration_s: float = Field(ge=0, description="Length of the longest stream in the file.")
    has_video: bool
    has_audio: bool = Field(description="Whether there is sound, in the file or beside it.")
    width: int | None = Field(
        default=None, description="Displayed width, px: rotated, square pixels."
    )
    height: int | None = None
    fps: float | None = Field(default=None, description="Average frame rate; None where unknown.")
    video_codec: str | None = None
    audio_codec: str | None = None
    audio: str | None = Field(
        default=None, description="A separate audio file that replaces the clip's own."
    )
    audio_sha256: str | None = None
    start_s: float | None = None
    end_s: float | None = None
    candidates: tuple[Candidate, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def window(self) -> tuple[float, float]:
        """Start and end of what is looked at, seconds."""
        end = self.duration_s if self.end_s is None else min(self.end_s, self.duration_s)
        return (self.start_s or 0.0, end)
