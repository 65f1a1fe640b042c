"""Why nothing moves at all, or why one kind of record is not read."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.explaining.entries import Explanation

CONNECTIONS = (
    Explanation(
        code="reconnect_needed",
        title=_("Reconnect needed"),
        cause=_("The accounting system no longer accepts the login: a password was changed, or access withdrawn."),
        cure=_("The owner signs in again. What was completed meanwhile waits and is then sent once."),
    ),
    Explanation(
        code="not_allowed",
        title=_("The accounting system does not allow it"),
        cause=_("A licence, a module or a permission is missing over there, or the period is closed."),
        cure=_("Put that right in the accounting system. Then press Try again: the rest follows."),
    ),
    Explanation(
        code="licence_missing",
        title=_("No valid licence"),
        cause=_("The licence for this accounting system has ended, or has not begun."),
        cure=_("Ask your administrator for a licence. Everything waits and is sent when there is one."),
    ),
    Explanation(
        code="kind_not_offered",
        title=_("Documents of this kind are not taken"),
        cause=_("The settings ask for a kind of document that the accounting system does not take from outside."),
        cure=_("Choose the other kind in the settings. What has not been sent follows."),
    ),
    Explanation(
        code="answer_missing",
        title=_("A question has no answer yet"),
        cause=_("The accounting system must be told something once, such as terms of payment or accounts."),
        cure=_("Answer the question. Everything that waits for it is sent at once. Ask your accountant if unsure."),
    ),
    Explanation(
        code="*_unanswered",
        title=_("A question has no answer yet"),
        cause=_("The accounting system must be told something once, such as a class or a group for what is new."),
        cure=_("Answer the question. Everything that waits for it is sent at once. Ask your accountant if unsure."),
    ),
    Explanation(
        code="answer_gone",
        title=_("An answer is no longer in the books"),
        cause=_("What was chosen in the settings, such as a layout or a group, was removed in the accounting system."),
        cure=_("Choose another one in the settings. Everything that waits for it is sent at once."),
    ),
    Explanation(
        code="value_not_mapped",
        title=_("A value stands for nothing in the books"),
        cause=_("The accounting system keeps a list of its own for this, and nobody has said which entry ours is."),
        cure=_("Choose the entry under Values, in the settings. Everything that waits for it is sent at once."),
    ),
    Explanation(
        code="terms_unanswered",
        title=_("Terms of payment for new customers not chosen"),
        cause=_("A new customer needs terms of payment, and neither the customer nor the settings name any."),
        cure=_("Choose the terms that new customers get."),
    ),
    Explanation(
        code="coding_unanswered",
        title=_("Article coding not chosen"),
        cause=_("The coding decides which accounts and which VAT a new article gets, and none was chosen."),
        cure=_("Choose the coding. Ask your accountant if unsure."),
    ),
    Explanation(
        code="company_inactive",
        title=_("The company in the books is inactive"),
        cause=_("The company was closed or made read-only in the accounting system."),
        cure=_("Make it active there, or connect the right company."),
    ),
    Explanation(
        code="orders_off",
        title=_("Sales orders are switched off"),
        cause=_("The settings send sales orders, and the company has no module for them."),
        cure=_("Switch the module on in the accounting system, or send invoice drafts instead."),
    ),
    Explanation(
        code="overdue",
        title=_("Writes wait longer than they should"),
        cause=_("Something keeps the outbox from being emptied: no worker, a long outage, or a connection on hold."),
        cure=_("Look at the health page, which names what is late."),
    ),
    Explanation(
        code="stream_not_allowed",
        title=_("One kind of record may not be read"),
        cause=_("The person who connected may not see these records, or the module for them is off."),
        cure=_("Give the permission or switch the module on there, or switch this kind off in the settings."),
    ),
    Explanation(
        code="stream_stopped",
        title=_("An answer that we do not understand"),
        cause=_("The accounting system answered differently than its documentation says. Nothing was changed here."),
        cure=_("It is tried again at the next sync. If it stays, tell your administrator."),
    ),
    Explanation(
        code="stream_given_up",
        title=_("Reading was given up after several crashes"),
        cause=_("The program was killed several times at the same place while reading."),
        cure=_("Let your administrator look into the log, then sync again."),
    ),
    Explanation(
        code="many_records_missing",
        title=_("Many records are missing"),
        cause=_("The books showed far fewer records than before. That is rarely meant, so nothing was archived."),
        cure=_("Check that the right company is connected and that its permissions are complete, then sync again."),
    ),
    Explanation(
        code="no_open_status",
        title=_("No status for open work orders"),
        cause=_("An order can only become a work order if there is a status for open ones."),
        cure=_("Add an open status under work order statuses."),
    ),
)
