"""How captions of the held-out set are worded."""

from aurelia.bench.rendered.caption_words import CaptionWords

CAPTIONS = CaptionWords(
    templates={
        "event.heard": (
            "{happens} at {start} s; by {end} s it has died away.",
            "You hear {what} ({start} to {end} s).",
            "The sound track has {what}, beginning around {start} s and ending around {end} s.",
            "After {start} seconds {happens}; after {end} seconds it is gone.",
            "{what} is audible between second {start} and second {end}.",
        ),
        "object.moves": (
            "{what} crosses {path} between second {start} and second {end}.",
            "You see {what} that moves {path}; it sets off at {start} s and is through by {end} s.",
            "{what} passes {path}, beginning around {start} s and ending around {end} s.",
            "After {start} seconds {what} starts to move {path}, until {end} seconds.",
        ),
        "sources.count": (
            "{count} instrument{s} {are} audible.",
            "You hear {count} instrument{s} play.",
            "The music is made by {count} instrument{s}.",
            "By ear there {are} {count} instrument{s}.",
        ),
        "shown.count": (
            "{count} instrument{s} {are} shown.",
            "You see {count} instrument{s}.",
            "On screen there {are} {count} instrument{s}.",
            "By eye there {are} {count} instrument{s}.",
        ),
        "pace.picture": (
            "The figure repeats its movement around {tempo} times a minute.",
            "Someone dances with a pace of about {tempo} per minute.",
            "The dancing has approximately {tempo} movements a minute.",
            "The figure's dance comes to {tempo} repeats per minute.",
        ),
        "candidate.tempo": (
            "Track {label} is at {tempo} BPM.",
            "Track {label} goes at some {tempo} beats a minute.",
            "About {tempo} beats per minute: that is track {label}.",
            "Track {label} has a tempo of approximately {tempo} BPM.",
        ),
        "flag.shown": (
            "The flag of {country} appears at {start} s and stays until {end} s.",
            "You see the flag of {country} ({start} to {end} s).",
            "{country} is shown by its flag from second {start} to second {end}.",
            "In the shot from {start} s to {end} s there is the flag of {country}.",
        ),
        "sign": (
            'A board with "{text}" on it appears at {start} s and stays until {end} s.',
            'You see "{text}" on a road sign ({start} to {end} s).',
            '"{text}" can be read from second {start} to second {end}.',
            'In the shot from {start} s to {end} s a sign names "{text}".',
        ),
        "text.shown": (
            'Across the picture it says "{text}".',
            'You can read "{text}".',
            'The meme\'s text is "{text}".',
            '"{text}" is written over the scene.',
        ),
        "mood.is": (
            "The soundtrack feels {mood}.",
            "Its music is {mood} in mood.",
            "You hear {mood} music.",
            "The mood of the music is {mood}.",
        ),
    },
    happens={
        "bell": ("a bell is struck", "a bell tolls"),
        "crash": ("there is a loud crash", "something crashes down"),
        "knock": ("a knock is heard", "somebody is knocking"),
        "siren": ("a siren goes off", "a siren howls"),
        "whirring": ("a motor is whirring", "a whirring sets in"),
        "beeping": ("an alarm is beeping", "beeps sound"),
    },
    names={
        "bell": ("a ringing bell", "the sound of a bell"),
        "crash": ("a crashing noise", "the noise of a crash"),
        "knock": ("knocking", "the sound of a knock"),
        "siren": ("a howling siren", "the sound of a siren"),
        "whirring": ("a whirring motor", "a whirring noise"),
        "beeping": ("a series of beeps", "the beeping of an alarm"),
    },
    paths={
        "left to right": ("from the left to the right", "rightwards"),
        "right to left": ("from the right to the left", "leftwards"),
        "downwards": ("down through the picture", "from above to below"),
        "upwards": ("up through the picture", "from below to above"),
        "about": ("back and forth", "here and there"),
    },
    moods=(("upbeat", "mournful"), ("joyful", "sad"), ("bright", "sombre"), ("cheery", "dark")),
)
