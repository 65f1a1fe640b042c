"""Why a work order is not sent as an order or a draft."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.explaining.entries import Explanation

DOCUMENTS = (
    Explanation(
        code="work_order_not_completed",
        title=_("Work order is not completed"),
        cause=_("Somebody asked to send a work order on which the work still goes on, or opened it again."),
        cure=_("Complete the work order."),
    ),
    Explanation(
        code="work_order_before_cut_off",
        title=_("Completed before the cut-off date"),
        cause=_("Work completed before the cut-off date is taken to be billed already, so it is not sent."),
        cure=_("Send it all the same if it was never billed, or leave it out for good."),
    ),
    Explanation(
        code="work_order_order_stands",
        title=_("Its sales order is still in the books"),
        cause=_("The work order came from a sales order of the books, and an invoice would bill the work twice."),
        cure=_("Bill the sales order in the accounting system, or send this one all the same."),
    ),
    Explanation(
        code="work_order_sent_before",
        title=_("An earlier document exists"),
        cause=_("The work order was opened again after it had been sent, so the books have a document for it."),
        cure=_("Look at the earlier document. Credit or remove it there, then send this one all the same."),
    ),
    Explanation(
        code="work_order_sent_to_other_books",
        title=_("Sent to other books already"),
        cause=_("The work order has a document in the accounting system that was connected before."),
        cure=_("Look at the document there. Send this one only if that one is not used."),
    ),
    Explanation(
        code="work_order_customer_missing",
        title=_("No customer"),
        cause=_("The work order has no customer, so nobody could be billed."),
        cure=_("Choose the customer."),
    ),
    Explanation(
        code="work_order_lines_missing",
        title=_("Nothing to bill"),
        cause=_("The work order has neither material nor hours."),
        cure=_("Add what was used and worked, or leave the work order out."),
    ),
    Explanation(
        code="line_without_article",
        title=_("A price without an article"),
        cause=_("The line has a quantity and a price, but neither material nor hour type, so nothing could be billed."),
        cure=_("Choose a material on the work order, or an article for such lines in the settings."),
    ),
    Explanation(
        code="no_article_line",
        title=_("Nothing to bill"),
        cause=_("The document would have texts only, and the accounting system wants at least one article."),
        cure=_("Add what was used and worked, or leave the work order out."),
    ),
    Explanation(
        code="total_not_positive",
        title=_("Total is zero or less"),
        cause=_("The lines come to nothing, or to less than nothing, and such a document is not taken."),
        cure=_("Correct prices and quantities, or leave the work order out. A rule can do that for all of them."),
    ),
    Explanation(
        code="total_negative",
        title=_("Total is less than zero"),
        cause=_("The lines come to less than nothing, and the accounting system takes no such document."),
        cure=_("Correct prices and quantities, or leave the work order out. A rule can do that for all of them."),
    ),
    Explanation(
        code="quantity_not_positive",
        title=_("Quantity must be more than zero"),
        cause=_("The accounting system takes no order with a line of nothing, or of less than nothing."),
        cure=_("Type a quantity, or send an invoice draft instead, which may have such lines."),
    ),
    Explanation(
        code="several_projects",
        title=_("More than one project"),
        cause=_("A document has one project in the accounting system, and these lines belong to several."),
        cure=_("Split the work order, or give it one project."),
    ),
    Explanation(
        code="too_many_lines",
        title=_("Too many lines"),
        cause=_("The accounting system takes fewer lines on one document than this work order has."),
        cure=_("Split the work order in two."),
    ),
    Explanation(
        code="period_locked",
        title=_("The period is locked"),
        cause=_("The books are closed up to a day that lies after the date of the document."),
        cure=_("Ask your accountant to open the period, or give the document a later date."),
    ),
    Explanation(
        code="projects_off",
        title=_("The books do not use projects"),
        cause=_("A line belongs to a project that the books know, but projects are switched off there."),
        cure=_("Switch projects on in the accounting system, or take the project off the work order."),
    ),
    Explanation(
        code="quantity_decimals",
        title=_("Quantity has too many decimals"),
        cause=_("The accounting system keeps fewer decimals, and rounding would change the amount."),
        cure=_("Type the quantity with fewer decimals."),
    ),
    Explanation(
        code="price_decimals",
        title=_("Price has too many decimals"),
        cause=_("The accounting system keeps fewer decimals, and rounding would change the amount."),
        cure=_("Type the price with fewer decimals."),
    ),
    Explanation(
        code="vat_missing",
        title=_("VAT rate missing"),
        cause=_("A price must be converted to one with VAT or without, and the line has no rate."),
        cure=_("Give the material or hour type of the line its VAT rate."),
    ),
    Explanation(
        code="currency_invalid",
        title=_("Not a currency"),
        cause=_("A currency is written as three letters, like SEK."),
        cure=_("Correct the currency."),
    ),
    Explanation(
        code="refused",
        title=_("Refused by the accounting system"),
        cause=_("The accounting system understood and said no. Its own sentence stands under Details."),
        cure=_("Do what the sentence says, then try again. Nothing was stored over there."),
    ),
    Explanation(
        code="conflict",
        title=_("Changed over there again and again"),
        cause=_("Each time before the document could be stored, somebody else changed the same record there."),
        cure=_("Wait until that work is done, then try again."),
    ),
    Explanation(
        code="fault",
        title=_("A fault in this program"),
        cause=_("The document could not be prepared, and that is our mistake. Nothing was sent."),
        cure=_("Try again after the next update, and tell your administrator the id in the entry."),
    ),
    Explanation(
        code="change_not_shown",
        title=_("A change was taken, but is not shown"),
        cause=_("The accounting system answered that it stored the change, and then shows the record as it was."),
        cure=_("Look at the record there. If it is as it was, try again."),
    ),
    Explanation(
        code="record_missing",
        title=_("The record does not exist any more"),
        cause=_("It was removed while it waited to be sent."),
        cure=_("Nothing can be sent. Make a new record if it was removed by mistake."),
    ),
    Explanation(
        code="several_found",
        title=_("In the books more than once"),
        cause=_("The books show several records with our reference, so nobody can tell which one counts."),
        cure=_("Remove all but one in the accounting system, then try again."),
    ),
    Explanation(
        code="keeps_failing",
        title=_("Fails again and again"),
        cause=_("The accounting system answers, but fails with just this record. The others go on."),
        cure=_("It is tried by itself, more and more rarely. Look at its details there, or ask the vendor's support."),
    ),
    Explanation(
        code="worker_died",
        title=_("Given up after several crashes"),
        cause=_("The program was killed several times at just this record, so it is left alone."),
        cure=_("Let your administrator look into the log, then try again."),
    ),
    Explanation(
        code="not_queued",
        title=_("Completed, but never queued"),
        cause=_("The work order should have been sent by itself, and nothing here did so."),
        cure=_("Send it from its page."),
    ),
    Explanation(
        code="stopped_silently",
        title=_("Stopped without a word"),
        cause=_("It waited for a person, and no entry said so. The daily check found it."),
        cure=_("Try again. If it stops once more, an entry says why."),
    ),
)
