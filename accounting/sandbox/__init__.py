"""What the stand-ins of all accounting systems share: one server, a journal, a fault plan, a control desk."""

from __future__ import annotations

from accounting.sandbox.clock import Clock, RateLimit
from accounting.sandbox.faults import BadPlan, Fault, FaultPlan
from accounting.sandbox.journal import Deed, Entry, Journal
from accounting.sandbox.server import NotLoopback, run, serve
from accounting.sandbox.stage import Stage
from accounting.sandbox.stand_in import BadOrder, Json, Options, StandIn, find_stand_ins

__all__ = [
    "BadOrder",
    "BadPlan",
    "Clock",
    "Deed",
    "Entry",
    "Fault",
    "FaultPlan",
    "Journal",
    "Json",
    "NotLoopback",
    "Options",
    "RateLimit",
    "Stage",
    "StandIn",
    "find_stand_ins",
    "run",
    "serve",
]
