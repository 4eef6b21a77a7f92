"""Questions, captions of memes, places and names of the development set."""

from aurelia.bench.rendered.appearance import City, Flag, Wording

WORDING = Wording(
    questions={
        "order": (
            "Which description gives the right order of events?",
            "In which order do the things in this clip happen?",
            "Which of these matches what is seen and heard, in order?",
            "What happens first, and what second?",
        ),
        "count_heard": (
            "How many instruments are heard in the clip?",
            "How many different instruments are sounding?",
            "How many instruments can you hear playing?",
            "What is the number of instruments in the sound?",
        ),
        "compare": (
            "Are there more instruments heard than shown?",
            "Can more instruments be heard than are visible?",
            "Do you hear more instruments than you see?",
            "Is the number of sounding instruments larger than the number shown?",
        ),
        "match": (
            "Which track fits the dancer's movement?",
            "Which of the four tracks is the dancer moving to?",
            "Which music has the same tempo as the dance?",
            "Which track goes with this dance?",
        ),
        "flag_country": (
            "Which country's flag is shown when {sound} is heard?",
            "Whose flag is on screen while {sound} can be heard?",
            "When {happens}, which country's flag is in the picture?",
            "The flag of which country is visible at the moment {happens}?",
        ),
        "flag_continent": (
            "On which continent lies the country whose flag is shown when {sound} is heard?",
            "When {happens}, the flag of a country on which continent is shown?",
            "While {sound} can be heard, a flag is visible: which continent is it from?",
            "Which continent does the flag on screen belong to when {happens}?",
        ),
        "sign_country": (
            "In which country lies the city on the sign when {sound} is heard?",
            "When {happens}, a city's name is shown: which country is that city in?",
            "Which country is the city from that is on the sign while {sound} can be heard?",
            "The sign shows a city at the moment {happens}. In which country is it?",
        ),
        "sign_continent": (
            "On which continent lies the city on the sign when {sound} is heard?",
            "When {happens}, a city's name is shown: which continent is that city on?",
            "Which continent is the city on that is named while {sound} can be heard?",
            "The sign shows a city at the moment {happens}. Which continent is it on?",
        ),
        "irony": (
            "Is the caption ironic, given the music?",
            "Do the text and the mood of the music disagree?",
            "Is this meme ironic: does its music contradict its text?",
            "Does the music say the opposite of the words on screen?",
        ),
        "describe": (
            "Describe what is seen and heard.",
            "What can be seen and heard in this clip?",
            "Give a description of the picture and the sound.",
            "Write a caption that covers both picture and sound.",
        ),
    },
    sound_name={
        "bell": "a bell",
        "crash": "a crash",
        "knock": "a knock",
        "siren": "a siren",
        "whirring": "a whirring sound",
        "beeping": "a beeping sound",
    },
    sound_happens={
        "bell": "a bell rings",
        "crash": "something crashes",
        "knock": "someone knocks",
        "siren": "a siren wails",
        "whirring": "a machine whirs",
        "beeping": "a device beeps",
    },
    crossing={
        "left to right": "moves from left to right",
        "right to left": "moves from right to left",
        "downwards": "moves downwards",
        "upwards": "moves upwards",
        "about": "moves about",
    },
    order=(
        ("{seen}, then {heard}", "{heard}, then {seen}"),
        ("first {seen}; after that {heard}", "first {heard}; after that {seen}"),
    ),
)

CHEERFUL = (
    "BEST DAY EVER",
    "I LOVE MONDAYS",
    "SO HAPPY TODAY",
    "LIFE IS GREAT",
    "WE WON THE GAME",
    "EVERYTHING IS AWESOME",
    "WHAT A PERFECT PARTY",
    "THIS IS WONDERFUL",
)
GLOOMY = (
    "WORST DAY EVER",
    "I HATE MONDAYS",
    "SO SAD TODAY",
    "MY CAR IS BROKEN",
    "WE LOST THE GAME",
    "EVERYTHING WENT WRONG",
    "WHAT A TERRIBLE MESS",
    "THIS IS AWFUL",
)

FLAGS = (
    Flag("France", "Europe", "vertical", ("blue", "white", "red")),
    Flag("Italy", "Europe", "vertical", ("green", "white", "red")),
    Flag("Belgium", "Europe", "vertical", ("black", "yellow", "red")),
    Flag("Nigeria", "Africa", "vertical", ("green", "white", "green")),
    Flag("Mali", "Africa", "vertical", ("green", "yellow", "red")),
    Flag("Peru", "South America", "vertical", ("red", "white", "red")),
    Flag("Germany", "Europe", "horizontal", ("black", "red", "yellow")),
    Flag("Russia", "Europe", "horizontal", ("white", "blue", "red")),
    Flag("Poland", "Europe", "horizontal", ("white", "red")),
    Flag("Estonia", "Europe", "horizontal", ("blue", "black", "white")),
    Flag("Gabon", "Africa", "horizontal", ("green", "yellow", "blue")),
    Flag("Yemen", "Asia", "horizontal", ("red", "white", "black")),
    Flag("Japan", "Asia", "disc", ("white", "red")),
)

CITIES = (
    City("PARIS", "France", "Europe"),
    City("ROME", "Italy", "Europe"),
    City("BERLIN", "Germany", "Europe"),
    City("MADRID", "Spain", "Europe"),
    City("TOKYO", "Japan", "Asia"),
    City("BEIJING", "China", "Asia"),
    City("BANGKOK", "Thailand", "Asia"),
    City("CAIRO", "Egypt", "Africa"),
    City("NAIROBI", "Kenya", "Africa"),
    City("LIMA", "Peru", "South America"),
    City("BOGOTA", "Colombia", "South America"),
    City("CHICAGO", "United States", "North America"),
    City("TORONTO", "Canada", "North America"),
    City("SYDNEY", "Australia", "Oceania"),
)
