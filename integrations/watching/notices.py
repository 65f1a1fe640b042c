"""The messages about alarms, and their way out: by mail and by webhook, each until it has left.

A message that fails is tried again by the next check. Nothing here raises for what a mail server or a
receiver does.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from fieldwork.models import Membership, User
from integrations.models import Alarm, Notice, Webhook
from integrations.watching.facts import in_words
from integrations.watching.webhooks import NotDelivered, post

log = logging.getLogger(__name__)

CLAIM = timedelta(minutes=5)
AT_ONCE = 50


# --- making ----------------------------------------------------------------------------


def write_notices(alarm: Alarm, kind: str, now: datetime) -> None:
    """One message for everybody who is to hear of it, to be delivered afterwards."""
    Notice.objects.bulk_create(
        Notice(alarm=alarm, kind=kind, created_at=now, **receiver) for receiver in receivers(alarm)
    )


def receivers(alarm: Alarm) -> Iterator[dict[str, str]]:
    """The organization's owners and its webhook; for what only the operator can repair, the operator."""
    firm = None if alarm.for_operator else alarm.organization
    told = owners(firm.pk) if firm else {}
    for address, language in (told or operators()).items():
        yield {"channel": Notice.Channel.MAIL, "address": address, "language": language}
    if firm and Webhook.objects.filter(organization=firm).exists():
        yield {"channel": Notice.Channel.WEBHOOK}


def owners(organization_id: Any) -> dict[str, str]:
    """Address to language."""
    people = User.objects.filter(
        memberships__organization=organization_id, memberships__role=Membership.Role.OWNER, is_active=True
    )
    return dict(people.exclude(email="").order_by("email").values_list("email", "language"))


def operators() -> dict[str, str]:
    """ADMIN_EMAILS, or else every superuser: an installation in trouble must find somebody."""
    if settings.ADMINS:
        return {address: settings.LANGUAGE_CODE for _name, address in settings.ADMINS}
    people = User.objects.filter(is_superuser=True, is_active=True).exclude(email="")
    return dict(people.order_by("email").values_list("email", "language"))


# --- delivering ------------------------------------------------------------------------


def deliver() -> int:
    """How many messages have left now. Network and mail; not inside a transaction."""
    now = timezone.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    waiting = Notice.objects.filter(free, sent_at=None, created_at__gte=now - Notice.DELIVERABLE_FOR)
    pks = list(waiting.order_by("created_at").values_list("pk", flat=True)[:AT_ONCE])
    return sum(deliver_one(waiting, pk) for pk in pks)


def deliver_one(waiting: Any, pk: Any) -> bool:
    """True when it has left. Claimed first, so that two checks at the same time send one message."""
    if not waiting.filter(pk=pk).update(claimed_until=timezone.now() + CLAIM, tries=F("tries") + 1):
        return False
    notice = Notice.objects.select_related("alarm__organization", "alarm__connection").get(pk=pk)
    try:
        send(notice)
    except (NotDelivered, SMTPException, OSError) as error:
        log.warning("Message %s about an alarm was not delivered: %s", pk, type(error).__name__)
        Notice.objects.filter(pk=pk).update(claimed_until=None, problem=(str(error) or type(error).__name__)[:300])
        return False
    Notice.objects.filter(pk=pk).update(sent_at=timezone.now(), claimed_until=None, problem="")
    return True


def send(notice: Notice) -> None:
    if notice.channel == Notice.Channel.MAIL:
        send_as_mail(notice)
        return
    webhook = Webhook.objects.filter(organization=notice.alarm.organization_id).first()
    if webhook is not None:  # else it was removed meanwhile, and nobody waits for the message
        post(webhook, notice.pk, payload_of(notice), at=timezone.now())


def send_as_mail(notice: Notice) -> None:
    with translation.override(notice.language or settings.LANGUAGE_CODE):
        sentence = sentence_of(notice.alarm)
        context = {
            "alarm": notice.alarm,
            "notice": notice,
            "headline": sentence.partition(". ")[0].rstrip("."),
            "sentence": sentence,
            "page": page(),
        }
        subject = render_to_string("integrations/mail/alarm_subject.txt", context)
        body = render_to_string("integrations/mail/alarm.txt", context)
        send_mail(" ".join(subject.split()), body, None, [notice.address])


def payload_of(notice: Notice) -> dict[str, Any]:
    alarm = notice.alarm
    with translation.override("en"):
        sentence = sentence_of(alarm)
    return {
        "type": f"alarm.{notice.kind}",
        "timestamp": notice.created_at.isoformat(),
        "data": {
            "alarm": str(alarm.pk),
            "code": alarm.code,
            "organization": alarm.organization.slug if alarm.organization else "",
            "connection": str(alarm.connection_id or ""),
            "subject": alarm.subject,
            "sentence": sentence,
            "since": alarm.since.isoformat() if alarm.since else None,
            "begun_at": alarm.begun_at.isoformat(),
            "over_at": alarm.over_at.isoformat() if alarm.over_at else None,
            "piled_up": alarm.piled_up,
            "page": page(),
        },
    }


def sentence_of(alarm: Alarm) -> str:
    return in_words(alarm.text, alarm.values, alarm.since)


def page() -> str:
    return settings.SITE_URL + reverse("integrations:health")
