"""Trying an accounting system out: fourteen days, once for each firm and system."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounting.protocol import Provider
from fieldwork.models import Organization, User
from integrations.connecting.refusals import ConnectRefused, refuse_unless_owner
from integrations.models import Licence

DAYS = 14


def start_trial(organization: Organization, provider: Provider, *, by: User) -> Licence:
    """The licence for today and the fourteen days after it. Raises ConnectRefused where there was one before."""
    refuse_unless_owner(organization, by)
    today = timezone.localdate()
    with transaction.atomic():
        # Pressed twice, the second one waits here and then finds the licence of the first.
        Organization.objects.select_for_update().get(pk=organization.pk)
        if Licence.objects.filter(organization=organization, provider=provider.key).exists():
            raise ConnectRefused(
                _(
                    "%(firm)s has had a licence for %(provider)s already. The administrator of this installation "
                    "adds one."
                )
                % {"firm": organization, "provider": provider.label}
            )
        return Licence.objects.create(
            organization=organization,
            provider=provider.key,
            starts_on=today,
            ends_on=today + timedelta(days=DAYS),
            is_trial=True,
        )
