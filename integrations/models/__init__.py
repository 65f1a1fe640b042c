from __future__ import annotations

from integrations.models.case import Case
from integrations.models.connection import Connection, ConnectionSettings, StreamSetting
from integrations.models.credential import Credential, LoginFlow
from integrations.models.lease import Lease, LeaseLost
from integrations.models.licence import Licence
from integrations.models.link import Link
from integrations.models.mapping import Answer, ValueMap
from integrations.models.outbox import Attempt, Operation
from integrations.models.run import Run

__all__ = [
    "Answer",
    "Attempt",
    "Case",
    "Connection",
    "ConnectionSettings",
    "Credential",
    "Lease",
    "LeaseLost",
    "Licence",
    "Link",
    "LoginFlow",
    "Operation",
    "Run",
    "StreamSetting",
    "ValueMap",
]
