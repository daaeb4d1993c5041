"""How much the fault tests do, and where they say what they saw: little in `make test`, much in `make faults`."""

from tests.support.long.run import LongRun

RUN = LongRun("FAULTS")
FULL, sized, dice, note = RUN.full, RUN.sized, RUN.dice, RUN.note
