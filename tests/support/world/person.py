"""Somebody with a browser that has no JavaScript: follows links, submits forms, reads mail."""

import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from html.parser import HTMLParser
from typing import Protocol
from urllib.parse import urlencode, urljoin, urlsplit

from flask import Flask
from werkzeug.datastructures import Headers

from tests.support.waiting import PATIENCE

FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux) Gecko/20100101 Firefox/140.0"}


@dataclass(frozen=True)
class Page:
    status: int
    url: str
    text: str
    headers: Mapping[str, str]
    """By names in small letters."""

    @property
    def first_deed(self) -> str:
        """Where the first `<form method="post">` of the page posts to."""
        return self.form_fields()[0]

    def form_fields(self) -> tuple[str, dict[str, str]]:
        reader = _FirstForm()
        reader.feed(self.text)
        assert reader.action is not None, f"no form with method post on {self.url}"
        return urljoin(self.url, reader.action), reader.fields


class Browser(Protocol):
    def send(self, method: str, url: str, fields: Mapping[str, str] | None = None) -> Page:
        """One request, no redirect followed."""


class HttpBrowser:
    """Over the network. Keeps cookies only if it is given some to begin with."""

    def __init__(self, cookies: Mapping[str, str] | None = None) -> None:
        self._cookies = dict(cookies or {})

    def send(self, method: str, url: str, fields: Mapping[str, str] | None = None) -> Page:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
        body = urlencode(fields) if fields is not None else None
        headers = dict(FIREFOX)
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        connection.request(method, _target(url), body, headers)
        answer = connection.getresponse()
        page = Page(answer.status, url, answer.read().decode("utf-8", "replace"), _small(answer.headers))
        connection.close()
        if self._cookies:
            given = (cookie.partition(";")[0] for cookie in answer.headers.get_all("Set-Cookie", []))
            self._cookies |= {name: value for name, _, value in (cookie.partition("=") for cookie in given)}
        return page


class AppBrowser:
    """Straight into the application."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()

    def send(self, method: str, url: str, fields: Mapping[str, str] | None = None) -> Page:
        answer = self.client.open(_target(url), method=method, data=fields, headers=FIREFOX)
        page = Page(answer.status_code, url, answer.get_data().decode("utf-8", "replace"), _small(answer.headers))
        answer.close()
        return page


class Person:
    def __init__(self, browser: Browser, base_url: str) -> None:
        self.browser = browser
        self._base_url = base_url

    def look(self, url: str) -> Page:
        """GET, following redirects."""
        return self._follow(self.browser.send("GET", urljoin(self._base_url, url)))

    def post(self, url: str, fields: Mapping[str, str] | None = None) -> Page:
        """POST, then GET what it redirects to."""
        return self._follow(self.browser.send("POST", urljoin(self._base_url, url), fields or {}))

    def submit(self, page: Page, **changed: str) -> Page:
        """Submits the page's first deed as it stands, but for the `changed` fields."""
        action, fields = page.form_fields()
        return self.post(action, fields | changed)

    def _follow(self, page: Page) -> Page:
        while page.status in (302, 303):
            page = self.browser.send("GET", urljoin(page.url, page.headers["location"]))
        return page


def _target(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _small(headers: Message | Headers) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


class _FirstForm(HTMLParser):
    """The action and the fields, with their values, of the first form that posts."""

    def __init__(self) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: dict[str, str] = {}
        self._inside = False
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post" and self.action is None:
            self.action, self._inside = given.get("action", ""), True
        elif self._inside and tag == "input" and given.get("name"):
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                self.fields[given["name"]] = given.get("value", "on")
        elif self._inside and tag == "select":
            self._select = given.get("name", "")
        elif self._inside and tag == "option" and (self._select not in self.fields or "selected" in given):
            self.fields[self._select] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
