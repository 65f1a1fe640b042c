"""The admin of the books, narrowed to those of one's own organizations.

`accounting` knows no organizations, so its admin cannot do this itself.
"""

from __future__ import annotations

from django.contrib import admin

from accounting.models import ArticleCoding, Books, TermsOfPayment, Unit
from integrations.admin.scoping import ScopedAdmin

for model in (Books, TermsOfPayment, Unit, ArticleCoding):
    former = type(admin.site.get_model_admin(model))
    admin.site.unregister(model)
    admin.site.register(model, type(former.__name__, (ScopedAdmin, former), {}))
