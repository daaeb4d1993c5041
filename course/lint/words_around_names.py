"""Words before a name: those that greet by themselves, and those that need something to follow."""

import re

GREETINGS = frozenset({
    "hello", "hi", "hey", "welcome", "thanks", "you", "morning", "afternoon", "evening", "congratulations", "done",
    "bravo",
    "hallo", "moin", "servus", "danke", "willkommen", "morgen", "tag", "abend", "glückwunsch", "gemacht",
    "hola", "días", "tardes", "noches", "gracias", "bienvenido", "bienvenida", "felicidades", "enhorabuena",
    "hecho",
    "bonjour", "bonsoir", "salut", "coucou", "merci", "bienvenue", "félicitations",
    "olá", "oi", "dia", "tarde", "noite", "obrigado", "obrigada", "bem-vindo", "bem-vinda", "parabéns", "feito",
    "مرحبا", "أهلا", "سلام", "درود",
})  # fmt: skip
UNSPACED_GREETINGS = ("你好", "您好", "谢谢", "謝謝", "こんにちは", "ありがとう", "สวัสดี")

ENDINGS = r"(?:[/*:(_·.@-]*\w{0,3}\)?)*"
"""`Liebe/r`, `Querido/a`, `Cher(e)`, `Liebe:r`, `cher·e`."""
NEED_MORE = {
    "en": "dear|dearest|for|to|from|with|by|of|about|at|and|or|but|than|as|like|is|are|was|am|i'm|called|named|my"
    "|our|your|the|a|an|without|between|ask|tell|let|meet|thank|mr|mrs|ms",
    "de": f"(?:lieb|geehrt|verehrt|wert)e{ENDINGS}|für|an|von|vom|mit|zu|bei|ohne|gegen|über|um|durch|wegen"
    "|zwischen|und|oder|als|wie|ist|bin|bist|heißt|heiße|namens|herr|herrn|frau|dein|deine|unser|unsere|der|die|das|den|dem",
    "es": f"(?:querid|estimad|apreciad)[oa@x]{ENDINGS}|para|a|de|con|por|sin|sobre|entre|y|e|o|que|como|es|soy"
    "|eres|llamo|llama|llamas|señor|señora|sr|sra|don|doña|el|la|los|las|mi|tu|su|nuestro|nuestra",
    "fr": f"ch(?:er|ère){ENDINGS}|pour|à|de|avec|par|sans|sur|entre|et|ou|que|comme|est|suis|es|appelle|appelles"
    "|monsieur|madame|m|mme|le|la|les|mon|ma|ton|ta|notre|votre",
    "pt": f"(?:querid|prezad|estimad|car)[oa@x]{ENDINGS}|para|a|de|do|da|com|por|pelo|pela|sem|sobre|entre|e|ou"
    "|que|como|é|sou|és|chama|chamo|senhor|senhora|sr|sra|o|os|as|meu|minha|teu|tua|seu|sua|nosso|nossa",
}
PATTERNS = {language: re.compile(words, flags=re.I) for language, words in NEED_MORE.items()}


def is_greeting(word: str) -> bool:
    plain = word.casefold().strip("¡¿“„«\"'(")
    return plain in GREETINGS or plain.endswith(UNSPACED_GREETINGS)


def needs_more(word: str, language: str) -> bool:
    """Whether a word cannot end what it stands in. Known for the languages that Dayletter speaks."""
    pattern = PATTERNS.get(language.lower().partition("-")[0])
    return pattern is not None and pattern.fullmatch(word.strip("¡¿“„«\"'(").rstrip(".")) is not None
