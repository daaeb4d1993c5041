"""Real Caddy and nginx, set up as docs/deploy.md says, in front of a site; nginx also plays a CDN before them."""

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from tests.support.between.debian import find_program
from tests.support.project import ROOT
from tests.support.servers.guarded import GuardedProcess
from tests.support.servers.ports import answers_at, free_port

DOCUMENT = (ROOT / "docs/deploy.md").read_text()
THEIR_SITE, THEIR_CDN = "127.0.0.1:8000", r"198\.51\.100\.0/24 \S+"
CDN = "127.0.0.2"
"""From where the CDN asks: an address of this machine that is not the one by which all others reach it."""

_NGINX = """\
daemon off;
master_process off;
pid {folder}/pid;
error_log stderr;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{servers}
}}
"""


def told(language: str) -> list[str]:
    """The document's examples in that language."""
    return re.findall(rf"^```{language}\n(.*?)^```", DOCUMENT, flags=re.M | re.S)


@contextmanager
def web_servers(site_port: int, folder: Path) -> Iterator[dict[str, int]]:
    """Where each of them listens, by what stands there before the site."""
    of_caddy = {name: free_port() for name in ("Caddy", "Caddy behind a CDN")}
    of_nginx = {
        name: free_port() for name in ("nginx", "nginx behind a CDN", "a CDN before Caddy", "a CDN before nginx")
    }
    ports = of_caddy | of_nginx
    with ExitStack() as stack:
        for command, own in (
            (_caddy(site_port, ports, folder), of_caddy.values()),
            (_nginx(site_port, ports, folder), of_nginx.values()),
        ):
            process = GuardedProcess(command, Path(f"{command[-1]}.log"), stop_with="TERM")
            stack.callback(process.stop)
            process.wait_until(partial(_all_answer, own))
        yield ports


def _all_answer(ports: Collection[int]) -> bool:
    return all(map(answers_at, ports))


def _caddy(site_port: int, ports: Mapping[str, int], folder: Path) -> tuple[str, ...]:
    alone, behind_cdn = told("caddyfile")
    sites = (
        _listening(alone, ports["Caddy"], site_port),
        _listening(behind_cdn, ports["Caddy behind a CDN"], site_port),
    )
    (folder / "caddyfile").write_text("{\n    admin off\n}\n" + "\n".join(sites))
    home = ("env", f"XDG_DATA_HOME={folder}", f"XDG_CONFIG_HOME={folder}")
    return (*home, *find_program("caddy"), "run", "--adapter", "caddyfile", "--config", str(folder / "caddyfile"))


def _listening(site: str, port: int, site_port: int) -> str:
    """On loopback and without a certificate, whatever host is asked for."""
    asking = re.sub(THEIR_CDN, f"{CDN}/32", site.replace(THEIR_SITE, f"127.0.0.1:{site_port}"))
    return re.sub(r"^\S+ \{", f"http://:{port} {{\n    bind 127.0.0.1", asking)


def _nginx(site_port: int, ports: Mapping[str, int], folder: Path) -> tuple[str, ...]:
    (location,) = told("nginx")
    adding = re.search(r"`(proxy_set_header \S+ \$proxy_add_\w+;)`", DOCUMENT)
    assert adding
    behind_cdn = re.sub(r"proxy_set_header X-Forwarded-For .*", adding[1], location)
    asks_as = f"proxy_bind {CDN};"
    servers = [
        _server(location, ports["nginx"], site_port),
        _server(behind_cdn, ports["nginx behind a CDN"], site_port),
        _server(location, ports["a CDN before Caddy"], ports["Caddy behind a CDN"], asks_as),
        _server(location, ports["a CDN before nginx"], ports["nginx behind a CDN"], asks_as),
    ]
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, servers="\n".join(servers)))
    return (*find_program("nginx"), "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf"))


def _server(location: str, port: int, asks: int, more: str = "") -> str:
    return f"server {{ listen 127.0.0.1:{port}; {more}\n{location.replace(THEIR_SITE, f'127.0.0.1:{asks}')}}}"
