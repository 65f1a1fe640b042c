from __future__ import annotations

from integrations.models.alarm import Alarm, Notice, Webhook
from integrations.models.case import Case
from integrations.models.change import Change
from integrations.models.connection import Connection, ConnectionSettings, StreamSetting
from integrations.models.credential import Credential, LoginFlow
from integrations.models.decision import LinkDecision, SendDecision, let_go
from integrations.models.heartbeat import Canary, Heartbeat
from integrations.models.help_vote import HelpVote
from integrations.models.hook import Hook, InboundEvent
from integrations.models.installation import Installation
from integrations.models.invitation import Invitation
from integrations.models.lease import Lease, LeaseLost
from integrations.models.licence import Licence
from integrations.models.link import Link
from integrations.models.mapping import Answer, ValueMap
from integrations.models.outbox import Attempt, Operation
from integrations.models.ownership import Agreement, FieldOwner
from integrations.models.pairing import Pairing, PairingRow
from integrations.models.plan import Plan, PlanEntry
from integrations.models.reconciliation import Reconciliation
from integrations.models.repair_rule import RepairRule
from integrations.models.run import Run

__all__ = [
    "Agreement",
    "Alarm",
    "Answer",
    "Attempt",
    "Canary",
    "Case",
    "Change",
    "Connection",
    "ConnectionSettings",
    "Credential",
    "FieldOwner",
    "Heartbeat",
    "HelpVote",
    "Hook",
    "InboundEvent",
    "Installation",
    "Invitation",
    "Lease",
    "LeaseLost",
    "Licence",
    "Link",
    "LinkDecision",
    "LoginFlow",
    "Notice",
    "Operation",
    "Pairing",
    "PairingRow",
    "Plan",
    "PlanEntry",
    "Reconciliation",
    "RepairRule",
    "Run",
    "SendDecision",
    "StreamSetting",
    "ValueMap",
    "Webhook",
    "let_go",
]
