"""How captions of the development set are worded."""

from aurelia.bench.rendered.caption_words import CaptionWords

CAPTIONS = CaptionWords(
    templates={
        "event.heard": (
            "Between {start} and {end} seconds {happens}.",
            "{happens} from {start} s to {end} s.",
            "At about {start} s {happens}, which lasts until {end} s.",
            "{what} can be heard from {start} to {end} seconds.",
            "From {start} s on there is {what}; it is over at {end} s.",
        ),
        "object.moves": (
            "{what} moves {path}, starting at about {start} s and done by {end} s.",
            "From {start} to {end} seconds {what} travels {path}.",
            "Between {start} s and {end} s {what} moves {path}.",
            "{what} goes {path} from {start} s until {end} s.",
        ),
        "sources.count": (
            "{count} instrument{s} can be heard.",
            "There {are} {count} instrument{s} in the sound.",
            "The sound has {count} instrument{s} playing.",
            "One hears {count} instrument{s}.",
        ),
        "shown.count": (
            "{count} instrument{s} can be seen.",
            "There {are} {count} instrument{s} in the picture.",
            "The picture shows {count} instrument{s}.",
            "{count} instrument{s} {are} visible.",
        ),
        "pace.picture": (
            "The dancer moves about {tempo} times per minute.",
            "The dance repeats roughly {tempo} times a minute.",
            "A figure dances at about {tempo} movements per minute.",
            "The dancer's movement has a tempo of about {tempo} per minute.",
        ),
        "candidate.tempo": (
            "Track {label} runs at roughly {tempo} beats per minute.",
            "Track {label} has about {tempo} beats per minute.",
            "The tempo of track {label} is about {tempo} BPM.",
            "In track {label} the beat comes {tempo} times a minute.",
        ),
        "flag.shown": (
            "From {start} to {end} s the flag of {country} is shown.",
            "The flag of {country} is on screen between {start} and {end} seconds.",
            "Between {start} s and {end} s one sees the flag of {country}.",
            "{country}'s flag fills the shot from {start} s to {end} s.",
        ),
        "sign": (
            'From {start} to {end} s a sign reads "{text}".',
            'A sign with the name "{text}" is shown between {start} and {end} seconds.',
            'Between {start} s and {end} s one sees a sign that says "{text}".',
            'The text "{text}" stands on a sign from {start} s to {end} s.',
        ),
        "text.shown": (
            'The words "{text}" stay on screen.',
            'The text on screen reads "{text}".',
            'A caption says "{text}".',
            'One reads "{text}" in the picture.',
        ),
        "mood.is": (
            "The music is {mood}.",
            "The music sounds {mood}.",
            "One hears {mood} music.",
            "A {mood} piece of music plays.",
        ),
    },
    happens={
        "bell": ("a bell rings", "a bell is ringing"),
        "crash": ("something crashes", "there is a crash"),
        "knock": ("someone knocks", "there is a knock"),
        "siren": ("a siren wails", "a siren sounds"),
        "whirring": ("a machine whirs", "something is whirring"),
        "beeping": ("a device beeps", "there is a beeping sound"),
    },
    names={
        "bell": ("a bell", "the ringing of a bell"),
        "crash": ("a crash", "a loud crash"),
        "knock": ("a knock", "a knocking sound"),
        "siren": ("a siren", "the wail of a siren"),
        "whirring": ("a whirring sound", "the whirring of a machine"),
        "beeping": ("a beeping sound", "the beeping of a device"),
    },
    paths={
        "left to right": ("from left to right", "from the left edge to the right"),
        "right to left": ("from right to left", "from the right edge to the left"),
        "downwards": ("downwards", "from the top to the bottom"),
        "upwards": ("upwards", "from the bottom to the top"),
        "about": ("about", "around"),
    },
    moods=(("bright", "dark"), ("cheerful", "gloomy"), ("happy", "sad"), ("light", "dark")),
)
