"""Why a customer, a material or an hour type cannot be used on a document, or not be created in the books."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.explaining.entries import Explanation

RECORDS = (
    Explanation(
        code="postcode_missing",
        title=_("Postcode missing"),
        cause=_("The accounting system takes no customer without a postcode, and this one has none."),
        cure=_("Type the postcode. Everything that waits for this customer is sent at once."),
    ),
    Explanation(
        code="city_missing",
        title=_("City missing"),
        cause=_("The accounting system takes no customer without a city, and this one has none."),
        cure=_("Type the city. Everything that waits for this customer is sent at once."),
    ),
    Explanation(
        code="country_missing",
        title=_("Country missing"),
        cause=_("The accounting system needs the country, for example to know which VAT applies."),
        cure=_("Type the country as two letters, like SE."),
    ),
    Explanation(
        code="name_missing",
        title=_("Name missing"),
        cause=_("The record has no name, and the accounting system needs one."),
        cure=_("Type the name."),
    ),
    Explanation(
        code="organisation_number_invalid",
        title=_("Organisation number is wrong"),
        cause=_("Organisation and personal numbers have a check digit, and here it does not agree."),
        cure=_("Compare the number with the customer's own papers and type it again, or leave it empty."),
    ),
    Explanation(
        code="personal_number",
        title=_("A personal number that nobody needs"),
        cause=_("The number of a private person would stand on documents, where it does not belong."),
        cure=_("Empty the field, then save."),
    ),
    Explanation(
        code="vat_number_invalid",
        title=_("VAT number is wrong"),
        cause=_("A VAT number begins with two letters for the country, and its check digits must agree."),
        cure=_("Ask the customer for the number, or leave it empty. Without one, reverse charge is not possible."),
    ),
    Explanation(
        code="email_invalid",
        title=_("E-mail address is wrong"),
        cause=_("What stands in the field cannot be an e-mail address, so the accounting system refuses it."),
        cure=_("Correct the address, or leave it empty."),
    ),
    Explanation(
        code="contact_email_invalid",
        title=_("Contact person's e-mail address is wrong"),
        cause=_("What stands in the field cannot be an e-mail address, so the accounting system refuses it."),
        cure=_("Correct it on the customer's page, under contact persons."),
    ),
    Explanation(
        code="*_missing",
        title=_("Something required is missing"),
        cause=_("The accounting system requires a field that is empty here."),
        cure=_("Fill in the field that the entry names."),
    ),
    Explanation(
        code="*_invalid",
        title=_("A value is not possible"),
        cause=_("A field holds something that the accounting system cannot take, such as a country of three letters."),
        cure=_("Correct the field that the entry names."),
    ),
    Explanation(
        code="*_too_long",
        title=_("A text is too long"),
        cause=_("The accounting system has less room for this field than there is here. Nothing is cut off silently."),
        cure=_("Shorten the text. The entry says how many characters fit."),
    ),
    Explanation(
        code="*_out_of_range",
        title=_("A number is out of range"),
        cause=_("The accounting system takes numbers between two limits, and this one lies outside."),
        cure=_("Correct the number. The entry names the limits."),
    ),
    Explanation(
        code="customer_inactive",
        title=_("Customer is not active"),
        cause=_("The customer was archived, here or in the books, and archived customers get no new documents."),
        cure=_("Choose another customer for the work order, or make this one active again where it was archived."),
    ),
    Explanation(
        code="customer_gone",
        title=_("Customer is gone from the books"),
        cause=_("The customer was deleted in the accounting system, or merged with another one there."),
        cure=_("Choose the customer that took its place. Nothing is created again by itself."),
    ),
    Explanation(
        code="contact_gone",
        title=_("Contact person is gone from the books"),
        cause=_("The person was deleted in the accounting system, so there is nothing that could be updated."),
        cure=_("Add the person there again, or leave it as it is. Nothing is created again by itself."),
    ),
    Explanation(
        code="customer_not_in_books",
        title=_("Customer is not in the books"),
        cause=_("The customer exists only here, and the settings do not let new customers be created."),
        cure=_("Choose a customer who is in the books, add this one from its page, or change the settings."),
    ),
    Explanation(
        code="customer_not_created",
        title=_("Customer could not be created"),
        cause=_("The customer had to be created in the books first, and that stopped for a reason of its own."),
        cure=_("Repair the customer's own entry. The work order then follows by itself."),
    ),
    Explanation(
        code="customer_terms_unknown",
        title=_("Terms of payment unknown to the books"),
        cause=_("The customer's terms of payment go by a name that the accounting system does not have."),
        cure=_("Choose which terms in the books are meant. The choice counts for every customer with this name."),
    ),
    Explanation(
        code="customer_looks_like_another",
        title=_("Customer looks like one in the books"),
        cause=_("A customer in the books shares a number, an organisation number or an e-mail with this one."),
        cure=_("Say whether they are the same. No rule ever decides this for you."),
    ),
    Explanation(
        code="number_taken",
        title=_("Number belongs to somebody else"),
        cause=_("The same number stands for two different records, one here and one in the books."),
        cure=_("Give one of the two another number, or link them if they are the same after all."),
    ),
    Explanation(
        code="article_inactive",
        title=_("Material or hour type is archived"),
        cause=_("It was archived, here or in the books, and goes on no new document."),
        cure=_("Choose another one for the work order, or make it active again where it was archived."),
    ),
    Explanation(
        code="article_gone",
        title=_("Article is gone from the books"),
        cause=_("The article was deleted in the accounting system."),
        cure=_("Choose the article that took its place."),
    ),
    Explanation(
        code="article_not_in_books",
        title=_("Article is not in the books"),
        cause=_("The material or hour type exists only here, and the settings do not let new articles be created."),
        cure=_("Choose an article of the books, or let missing articles be created in the settings."),
    ),
    Explanation(
        code="article_not_created",
        title=_("Article could not be created"),
        cause=_("The article had to be created in the books first, and that stopped for a reason of its own."),
        cure=_("Repair the article's own entry. The work order then follows by itself."),
    ),
    Explanation(
        code="article_vat_without_coding",
        title=_("No article coding for this VAT rate"),
        cause=_("New articles get the coding chosen in the settings, and it stands for another VAT rate."),
        cure=_("Correct the VAT rate, or create the article in the accounting system with the right coding."),
    ),
    Explanation(
        code="article_number_missing",
        title=_("Article number missing"),
        cause=_("The accounting system takes no article without a number."),
        cure=_("Type the number."),
    ),
    Explanation(
        code="article_name_missing",
        title=_("Article name missing"),
        cause=_("The accounting system takes no article without a name."),
        cure=_("Type the name."),
    ),
    Explanation(
        code="unit_unanswered",
        title=_("Unit unknown to the books"),
        cause=_("The unit of the material or hour type goes by a word that the accounting system does not have."),
        cure=_("Choose which unit in the books is meant. The choice counts for everything with this word."),
    ),
)
