"""What the comparison of the books with ours can find."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.explaining.entries import Explanation

COMPARING = (
    Explanation(
        code="differs",
        title=_("The document differs from the one sent"),
        cause=_("Read back at once, the document has other amounts, another customer or another currency."),
        cure=_("Compare the two. Usually a VAT rate, a rounding or an article's coding is set differently there."),
    ),
    Explanation(
        code="not_there",
        title=_("The document is gone"),
        cause=_("It was sent, and somebody removed it in the accounting system."),
        cure=_("Leave it as it is, or open the work order again and send it anew. Nothing is sent by itself."),
    ),
    Explanation(
        code="changed_in_books",
        title=_("Changed in the books"),
        cause=_("Somebody changed the document in the accounting system after it was sent."),
        cure=_("Leave it as it is if that was meant, or correct it there."),
    ),
    Explanation(
        code="twice_in_books",
        title=_("In the books twice"),
        cause=_("Two documents carry our reference: one was probably copied over there."),
        cure=_("Remove all but one in the accounting system."),
    ),
    Explanation(
        code="not_recorded",
        title=_("In the books, but not noted here"),
        cause=_("The document exists, and nothing here says that it was sent, for example after a restore."),
        cure=_("Try again: it is recognised and not sent twice. After a restore, restore the links."),
    ),
    Explanation(
        code="unknown_in_books",
        title=_("Unknown document with our reference"),
        cause=_("A document over there carries a reference of ours that nothing here knows."),
        cure=_("After a restore, restore the links. Otherwise look whether the document is meant to be there."),
    ),
    Explanation(
        code="unreadable_in_books",
        title=_("A document cannot be compared"),
        cause=_("The document over there holds a value that cannot be read."),
        cure=_("Look at it in the accounting system, then leave it as it is or correct it."),
    ),
    Explanation(
        code="many_not_there",
        title=_("Many documents are not shown"),
        cause=_("So many missing at once have one reason: another company, or permissions that were taken away."),
        cure=_("Check the company and the permissions. Nothing was concluded from it."),
    ),
)
