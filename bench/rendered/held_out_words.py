"""Questions, captions of memes, places and names of the held-out set."""

from aurelia.bench.rendered.appearance import City, Flag, Wording

WORDING = Wording(
    questions={
        "order": (
            "What is the correct sequence of the sound and the movement?",
            "Pick the option that tells the events in the order they occur.",
            "Which sentence describes the order of what you see and hear?",
            "Which statement about the course of events is true?",
            "Does the sound come before or after the movement? Choose the matching option.",
        ),
        "count_heard": (
            "How many sound sources are playing music?",
            "Count the instruments that you hear.",
            "How many instruments sound in this video?",
            "What number of instruments is audible?",
            "By listening alone: how many instruments play?",
        ),
        "compare": (
            "Does one hear more instruments than the picture shows?",
            "Are more instruments audible than appear on screen?",
            "Do more instruments play than can be seen?",
            "Is the audible ensemble bigger than the visible one?",
        ),
        "match": (
            "To which of these tracks does the figure dance in time?",
            "Choose the music whose beat agrees with the dancing.",
            "Which audio track belongs to the dance in the video?",
            "The video has lost its music. Which track was it?",
        ),
        "flag_country": (
            "As {sound} sounds, the flag of which country can be seen?",
            "You hear {sound}. Which country's flag is displayed at that time?",
            "Which nation's flag does the video show while {happens}?",
            "Name the country whose flag is visible as {happens}.",
        ),
        "flag_continent": (
            "As {sound} sounds, a flag can be seen. On what continent is its country?",
            "You hear {sound}. The flag displayed at that time is from which continent?",
            "Which continent is home to the flag that the video shows while {happens}?",
            "Name the continent of the country whose flag is visible as {happens}.",
        ),
        "sign_country": (
            "As {sound} sounds, a place name can be read. Which country is that place in?",
            "You hear {sound}. Which country does the city written on screen belong to?",
            "While {happens}, the video names a city. What is its country?",
            "Name the country of the city that can be read as {happens}.",
        ),
        "sign_continent": (
            "As {sound} sounds, a place name can be read. Which continent is that place on?",
            "You hear {sound}. On what continent is the city written on screen?",
            "While {happens}, the video names a city. What is its continent?",
            "Name the continent of the city that can be read as {happens}.",
        ),
        "irony": (
            "Is the meme meant ironically, judging by text and soundtrack?",
            "Is there a contradiction between what is written and how the music feels?",
            "Does the soundtrack clash with the message of the text?",
            "Do the written words and the music express opposite feelings?",
        ),
        "describe": (
            "What goes on in this video, to the eye and to the ear?",
            "Summarise the video: what is visible and what is audible?",
            "Please describe the clip, its picture and its sound.",
            "Tell what one sees and hears here.",
        ),
    },
    sound_name={
        "bell": "the ringing of a bell",
        "crash": "a crashing noise",
        "knock": "knocking",
        "siren": "the sound of a siren",
        "whirring": "a whirring motor",
        "beeping": "a series of beeps",
    },
    sound_happens={
        "bell": "a bell is struck",
        "crash": "there is a loud crash",
        "knock": "a knock is heard",
        "siren": "a siren goes off",
        "whirring": "a motor is whirring",
        "beeping": "an alarm is beeping",
    },
    crossing={
        "left to right": "passes from the left to the right",
        "right to left": "passes from the right to the left",
        "downwards": "drops down through the picture",
        "upwards": "rises up through the picture",
        "about": "wanders around",
    },
    order=(
        ("{seen} before {heard}", "{heard} before {seen}"),
        ("{heard} after {seen}", "{seen} after {heard}"),
        ("{seen}; later {heard}", "{heard}; later {seen}"),
    ),
)

CHEERFUL = (
    "HOLIDAYS ARE FANTASTIC",
    "I PASSED THE EXAM",
    "LUCKY ME AGAIN",
    "ENJOY THE SUNSHINE",
    "MY NEW JOB IS EXCELLENT",
    "SUCCESS AT LAST",
    "FEELING GOOD TONIGHT",
    "BEAUTIFUL MORNING",
)
GLOOMY = (
    "HOLIDAYS ARE CANCELLED",
    "I FAILED THE EXAM",
    "BAD LUCK AGAIN",
    "CRYING IN THE RAIN",
    "MY NEW JOB IS HORRIBLE",
    "ALONE AND MISERABLE",
    "FEELING SICK TONIGHT",
    "A TOTAL DISASTER",
)

FLAGS = (
    Flag("Ireland", "Europe", "vertical", ("green", "white", "orange")),
    Flag("Romania", "Europe", "vertical", ("blue", "yellow", "red")),
    Flag("Ivory Coast", "Africa", "vertical", ("orange", "white", "green")),
    Flag("Guinea", "Africa", "vertical", ("red", "yellow", "green")),
    Flag("Netherlands", "Europe", "horizontal", ("red", "white", "blue")),
    Flag("Hungary", "Europe", "horizontal", ("red", "white", "green")),
    Flag("Bulgaria", "Europe", "horizontal", ("white", "green", "red")),
    Flag("Austria", "Europe", "horizontal", ("red", "white", "red")),
    Flag("Ukraine", "Europe", "horizontal", ("blue", "yellow")),
    Flag("Lithuania", "Europe", "horizontal", ("yellow", "green", "red")),
    Flag("Bolivia", "South America", "horizontal", ("red", "yellow", "green")),
    Flag("Sierra Leone", "Africa", "horizontal", ("green", "white", "blue")),
    Flag("Indonesia", "Asia", "horizontal", ("red", "white")),
    Flag("Bangladesh", "Asia", "disc", ("green", "red")),
    Flag("Palau", "Oceania", "disc", ("blue", "yellow")),
)

CITIES = (
    City("LONDON", "United Kingdom", "Europe"),
    City("VIENNA", "Austria", "Europe"),
    City("ATHENS", "Greece", "Europe"),
    City("LISBON", "Portugal", "Europe"),
    City("STOCKHOLM", "Sweden", "Europe"),
    City("MUMBAI", "India", "Asia"),
    City("SEOUL", "South Korea", "Asia"),
    City("HANOI", "Vietnam", "Asia"),
    City("LAGOS", "Nigeria", "Africa"),
    City("CASABLANCA", "Morocco", "Africa"),
    City("SANTIAGO", "Chile", "South America"),
    City("BUENOS AIRES", "Argentina", "South America"),
    City("HAVANA", "Cuba", "North America"),
    City("BOSTON", "United States", "North America"),
    City("VANCOUVER", "Canada", "North America"),
    City("AUCKLAND", "New Zealand", "Oceania"),
    City("MELBOURNE", "Australia", "Oceania"),
)
