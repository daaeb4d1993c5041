"""How much the hostile tests try, and where they say what they saw: the same little in each `make test`, much and
something else each time in `make hostile`."""

from tests.support.long.run import LongRun

RUN = LongRun("HOSTILE", seed="16")
FULL, sized, dice, note = RUN.full, RUN.sized, RUN.dice, RUN.note
