"""Who asked: what each open, click and visit is worth as evidence of a person, and why.

A request is reduced to a few facts when it arrives (`arrival`); its address and agent are thrown away. What is
kept can be judged again at any time (`judging`), by the rules of one table (`rules`).
"""
