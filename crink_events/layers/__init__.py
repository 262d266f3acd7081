"""The layers of the validation: the contract engine, Pandera, Frictionless, and the lock.

Each gives :class:`crink_events.report.Issue`s under the same names, so that two layers that find
one fault make one issue.
"""
