"""The registry: what the environment says of mail is each provider's to understand, and nobody else's."""

import re
from base64 import b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from course.errors import SettingsError
from course.variables import Variables
from mailer.providers.contract import ProviderKind
from mailer.providers.registry import PROVIDERS, provider_settings, webhooks
from mailer.providers.sendgrid.settings import SendGridSettings
from mailer.settings import load
from tests.mailer.providers.test_providers import WAYS
from tests.support.plan.import_rules import LADDERS
from tests.support.project import ROOT
from tests.support.world.settings import SETTINGS

PRODUCT = ("course", "mailer", "web")
REGISTRY = "mailer/providers/registry.py"
STAYS_AT_HOME = ("sendgrid",)
"""Providers whose name stands in their own folder only; a new one is added here."""
NOT_OF_PROVIDERS = {"VAR_DIR"}


def naming(provider: str, root: Path) -> list[str]:
    """Lines of the product that name a provider outside its folder, as `path: line`."""
    files = [*root.glob("*.py"), *(file for top in PRODUCT for file in (root / top).rglob("*.py"))]
    return [
        f"{path}: {line.strip()}"
        for file in sorted(files)
        if not (path := file.relative_to(root).as_posix()).startswith(f"mailer/providers/{provider}/")
        for line in file.read_text().splitlines()
        if provider in line.lower()
    ]


@pytest.mark.parametrize("provider", STAYS_AT_HOME)
def test_a_provider_is_named_in_its_folder_and_in_the_registry_only(provider: str) -> None:
    imported, entered = naming(provider, ROOT)
    assert imported.startswith(f"{REGISTRY}: from mailer.providers.{provider}.settings import ")
    assert entered.startswith(f"{REGISTRY}: PROVIDERS = ")


def test_a_name_elsewhere_is_found(tmp_path: Path) -> None:
    home = tmp_path / "mailer/providers/sendgrid"
    home.mkdir(parents=True)
    (home / "events.py").write_text("SENDGRID = 1")
    (tmp_path / "web").mkdir()
    (tmp_path / "web/hooks.py").write_text("def hear() -> None:\n    '''SendGrid's.'''\n")
    (tmp_path / "worker.py").write_text("sendgrid_key = 1\n")
    assert naming("sendgrid", tmp_path) == ["web/hooks.py: '''SendGrid's.'''", "worker.py: sendgrid_key = 1"]


def test_each_provider_is_held_to_what_all_of_them_promise() -> None:
    assert PROVIDERS.keys() <= set(WAYS)


def test_each_provider_of_the_product_has_its_place_on_the_ladder() -> None:
    [own] = [rung for rung in LADDERS["mailer/providers"] if "smtp" in rung]
    assert set(own) == PROVIDERS.keys()


@pytest.mark.parametrize("kind", PROVIDERS.values(), ids=lambda kind: kind.name)
def test_operators_are_told_of_each_variable_of_a_provider(kind: ProviderKind) -> None:
    told = (ROOT / "docs/deploy.md").read_text()
    assert [name for name in kind.variables if f"`{name}" not in told] == []


@pytest.mark.parametrize("kind", PROVIDERS.values(), ids=lambda kind: kind.name)
def test_each_provider_is_found_under_its_name_and_shows_how_it_is_written(kind: ProviderKind) -> None:
    assert PROVIDERS[kind.name] is kind
    assert kind.mail_url.partition(":")[0] == kind.name
    assert re.fullmatch("[a-z]+", kind.name), "it stands in an address"


@pytest.mark.parametrize("where", [".env.example", "Makefile"])
def test_operators_find_every_variable_of_a_provider(where: str) -> None:
    """And the tests are kept from what the shell happens to hold."""
    names = {name for kind in PROVIDERS.values() for name in kind.variables}
    told = (ROOT / where).read_text()
    assert [name for name in sorted(names - NOT_OF_PROVIDERS) if not re.search(rf"\b{name}\b", told)] == []


def test_a_wrong_scheme_is_told_with_all_there_are() -> None:
    with pytest.raises(SettingsError) as refused:
        load(SETTINGS | {"MAIL_URL": "pigeon:"})
    (problem,) = refused.value.problems
    assert problem == "MAIL_URL: write `outbox:`, `smtp://USER:PASSWORD@HOST:587?tls=starttls` or `sendgrid:`."


def test_a_variable_that_was_not_announced_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be read at the start, and be gone when the provider is opened."""

    def read(variables: Variables, mail_url: str | None) -> None:
        variables.get("PIGEON_LOFT")

    monkeypatch.setitem(PROVIDERS, "pigeon", ProviderKind("pigeon", "pigeon:", read, ("PIGEON_KEY",)))
    with pytest.raises(LookupError, match="PIGEON_LOFT"):
        load(SETTINGS)


def test_what_is_wrong_with_a_provider_that_is_not_in_service_is_told_too() -> None:
    with pytest.raises(SettingsError, match="SENDGRID_API_URL"):
        load(SETTINGS | {"SENDGRID_API_URL": "ftp://x"})


@pytest.mark.parametrize(
    "url",
    [
        "http://api.sendgrid.com",
        "https://me@api.sendgrid.com",
        "https://me:secret@api.sendgrid.com",
        "https://api.sendgrid.com/v3",
        "https://api.sendgrid.com?key=1",
        "https://api.sendgrid.com/#v3",
        "https://api.sendgrid.com:0",
        "https://api send.com",
        "https://",
        "api.sendgrid.com",
    ],
)
def test_the_key_goes_to_a_host_alone_and_never_in_the_clear(url: str) -> None:
    with pytest.raises(SettingsError, match="SENDGRID_API_URL: write `https://`"):
        load(SETTINGS | {"MAIL_URL": "sendgrid:", "SENDGRID_API_KEY": "k", "SENDGRID_API_URL": url})


def public_key() -> str:
    public = generate_private_key(SECP256R1()).public_key()
    return b64encode(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def test_sendgrids_settings_are_read_as_they_are_written() -> None:
    key = public_key()
    given = {"MAIL_URL": "sendgrid:", "SENDGRID_API_KEY": " SG.x ", "SENDGRID_WEBHOOK_KEY": key}
    found = provider_settings(load(SETTINGS | given))
    assert found == SendGridSettings("SG.x", "https://api.sendgrid.com", key)
    elsewhere = load(SETTINGS | given | {"SENDGRID_API_URL": "http://127.0.0.1:9/"})
    assert provider_settings(elsewhere) == SendGridSettings("SG.x", "http://127.0.0.1:9", key)


def test_a_webhook_is_there_once_its_key_is_set_whoever_sends() -> None:
    assert list(webhooks(load(SETTINGS))) == []
    for mail_url in ("outbox:", "smtp://127.0.0.1:25", "sendgrid:"):
        given = {"MAIL_URL": mail_url, "SENDGRID_API_KEY": "SG.x", "SENDGRID_WEBHOOK_KEY": public_key()}
        settings = load(SETTINGS | given)
        assert list(webhooks(settings)) == ["sendgrid"]
        assert provider_settings(settings).open().confirms is (mail_url == "sendgrid:")


def test_sendgrid_without_its_key_is_a_doubt_and_another_provider_has_none() -> None:
    (doubt,) = provider_settings(load(SETTINGS | {"MAIL_URL": "sendgrid:", "SENDGRID_API_KEY": "SG.x"})).doubts()
    assert (doubt.state, doubt.todo) == ("warning", "Set SENDGRID_WEBHOOK_KEY; docs/deploy.md says how.")
    assert list(provider_settings(load(SETTINGS | {"MAIL_URL": "smtp://127.0.0.1"})).doubts()) == []
