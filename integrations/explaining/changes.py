"""Why something that is in the books already could not be changed there."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.explaining.entries import Explanation

CHANGES = (
    Explanation(
        code="not_a_draft",
        title=_("No draft any more"),
        cause=_("Somebody booked or sent the document in the accounting system before it could be taken back."),
        cure=_("Leave it as it is, or credit it in the accounting system."),
    ),
    Explanation(
        code="document_not_changeable",
        title=_("The document cannot be changed any more"),
        cause=_("It was booked, sent or removed in the accounting system, so nothing can be written over it."),
        cure=_("Credit it there and send the work order again, or leave it and make a new work order."),
    ),
    Explanation(
        code="update_not_offered",
        title=_("Customers cannot be updated there"),
        cause=_("This accounting system does not show single customers, so nobody could see what is overwritten."),
        cure=_("Change the customer in the accounting system. The next sync brings it here."),
    ),
    Explanation(
        code="attachment_without_document",
        title=_("The PDF has no document"),
        cause=_("The document was removed in the accounting system before the PDF could be attached."),
        cure=_("Leave it as it is, or open the work order again and send it anew."),
    ),
    Explanation(
        code="attachments_not_offered",
        title=_("No attachments there"),
        cause=_("This accounting system takes no attachments for such documents."),
        cure=_("Leave it as it is, and switch the PDF off in the settings."),
    ),
)
