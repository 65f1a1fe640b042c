"""What a rule of the inbox says, as a sentence."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from integrations.models import ConnectionSettings, RepairRule
from integrations.presenting.kinds import kind_title

SENTENCES: dict[str, str | Promise] = {
    "terms": _("The terms of payment “%(about)s” mean “%(words)s”."),
    "unit": _("The unit “%(about)s” means “%(words)s”."),
    "article": _("Instead of %(about)s, %(words)s is used."),
    "exclude": _("Work orders with the problem “%(kind)s” are not sent: %(words)s"),
}
KINDS: dict[str, str | Promise] = {
    ConnectionSettings.WithoutUnit.MATERIAL: _("Articles without a unit become materials."),
    ConnectionSettings.WithoutUnit.HOUR_TYPE: _("Articles without a unit become hour types."),
}
KINDS_OF_ONE: dict[str, str | Promise] = {
    ConnectionSettings.WithoutUnit.MATERIAL: _("%(about)s, which has no unit, becomes a material."),
    ConnectionSettings.WithoutUnit.HOUR_TYPE: _("%(about)s, which has no unit, becomes an hour type."),
}


def in_words(rule: RepairRule) -> str:
    """The whole rule in the reader's language."""
    if rule.repair == "unit_kind":
        sentence = (KINDS_OF_ONE if rule.mark else KINDS).get(rule.decision, rule.words)
    else:
        sentence = SENTENCES.get(rule.repair, "%(kind)s: %(words)s")
    values = {"about": rule.about, "words": rule.words, "kind": kind_title(rule.code)}
    return str(sentence) % values
