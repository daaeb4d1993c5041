"""The settings that every Dayletter of the tests has."""

SECRET = "a-secret-for-tests-of-32-characters"
SETTINGS = {
    "SECRET_KEY": SECRET,
    "MAIL_FROM": "Dayletter <courses@example.org>",
    "MAIL_REPLY_TO": "answers@example.org",
    "POSTAL_ADDRESS": "1 Example Street, Example Town",
}
