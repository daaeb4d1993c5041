"""`dayletter serve`: the site alone, as `dayletter up` and the Procfile start it."""

import click

from web.front.serving import serve_site


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="The port.")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="How many processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Run the site alone, in one process or several."""
    serve_site(host, port, workers)
