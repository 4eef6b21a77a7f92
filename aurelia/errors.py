"""Every error that AURELIA raises on purpose.

AureliaError
├── InputError (ValueError)        what the user gave can't be used
│   ├── MediaError                 a clip can't be opened or decoded
│   ├── PromptError                a template or prompt set is wrong
│   └── ConfigurationError         settings or model names are wrong
│       └── MissingExtra           an optional dependency is not installed
├── ModelError                     a model call failed
│   ├── UnseenRequest              a scripted or replayed model has no reply for this request
│   └── ReplyError                 a reply could not be read, even after one repair
└── RunError                       a rollout could not go on

Each message is one sentence that says what is wrong, where, and what would help.
"""


class AureliaError(Exception):
    """Base of all errors raised on purpose; the CLI shows its message and no traceback."""

    exit_code = 1


class InputError(AureliaError, ValueError):
    """What the user gave can't be used."""

    exit_code = 2


class MediaError(InputError):
    """A clip can't be opened, or holds nothing that can be decoded."""


class PromptError(InputError):
    """A prompt template or a prompt set is wrong; names file, line and placeholder."""


class ConfigurationError(InputError):
    """A setting or a model name is wrong."""


class MissingExtra(ConfigurationError):
    """An optional dependency is not installed; the message holds the install command."""


class ModelError(AureliaError):
    """A model call failed."""


class UnseenRequest(ModelError):
    """A scripted or replayed model was asked something that it holds no reply for."""


class ReplyError(ModelError):
    """A model's reply could not be read."""

    def __init__(self, message: str, raw: str = "") -> None:
        super().__init__(message)
        self.raw = raw


class RunError(AureliaError):
    """A rollout could not go on."""
