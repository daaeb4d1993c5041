"""A worker process like `dayletter work`, whose provider takes everything at once."""

from benchmarks.instant import with_instant_provider
from mailer.runtime import build
from mailer.settings import load
from worker import take_batches

if __name__ == "__main__":
    take_batches(with_instant_provider(build(load())))
