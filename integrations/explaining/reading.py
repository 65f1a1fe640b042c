"""Why a record of the books did not come in, or only partly."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.explaining.entries import Explanation

READING = (
    Explanation(
        code="both_changed",
        title=_("Changed on both sides"),
        cause=_("The same field was changed here and in the books since both last agreed, and you want to be asked."),
        cure=_("Choose which one is right. It stands here from then on, and the other one is kept in the history."),
    ),
    Explanation(
        code="article_without_unit",
        title=_("Article without a unit"),
        cause=_("Hours and goods are told apart by the unit, and this article has none."),
        cure=_("Say whether it is goods or hours. The same can be decided for all such articles at once."),
    ),
    Explanation(
        code="article_changed_kind",
        title=_("Article changed between hours and goods"),
        cause=_("Its unit was changed in the books. Work orders use it already, so it stays what it was here."),
        cure=_("Change the unit back, or give the article a new number in the accounting system."),
    ),
    Explanation(
        code="customer_not_linked",
        title=_("Waits for its customer"),
        cause=_("The record mentions a customer who has not come from the accounting system."),
        cure=_("Look for the entry about that customer. This one then follows by itself."),
    ),
    Explanation(
        code="article_not_linked",
        title=_("Waits for an article"),
        cause=_("The order mentions an article that has not come from the accounting system."),
        cure=_("Look for the entry about that article. The order then follows by itself."),
    ),
    Explanation(
        code="foreign_currency",
        title=_("Order in a foreign currency"),
        cause=_("Work orders are kept in your own currency, and nothing here converts amounts."),
        cure=_("Write the work order by hand, or change the currency of the order."),
    ),
    Explanation(
        code="too_long",
        title=_("A text from the books is too long"),
        cause=_("A field here is shorter than over there. Nothing is cut off silently, so the record waits."),
        cure=_("Shorten the text in the accounting system. It comes with the next sync."),
    ),
    Explanation(
        code="look_alike",
        title=_("May be one of yours"),
        cause=_("A record of the books agrees with several of yours, or with one that was being sent just then."),
        cure=_("Say which one it is. Until then it waits, so that nothing comes twice."),
    ),
    Explanation(
        code="unreadable",
        title=_("Could not be read"),
        cause=_("The record holds a value that is against the accounting system's own documentation."),
        cure=_("Correct the record there. The field stands under Details."),
    ),
    Explanation(
        code="not_saved",
        title=_("Contradicts another record"),
        cause=_("The database refused the record, for example because a number would exist twice."),
        cure=_("Correct the record in the accounting system. The reason stands under Details."),
    ),
)
