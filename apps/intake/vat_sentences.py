"""What a bookkeeper reads about the VAT on a document: one sentence for each finding of `rules.scenario`. Pure."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "foreign_vat": _(
        "VAT of %(country)s is charged (%(rate)s %%). It cannot be reclaimed in the Dutch VAT return: it is booked as "
        "cost. Ask it back in that country, or ask for an invoice with the VAT reverse-charged."
    ),
    "vat_without_number": _(
        "%(rate)s %% VAT is charged by a supplier whose VAT number is not on the document. Ask for a correct invoice "
        "before the VAT is reclaimed."
    ),
    "vat_number_not_valid": _(
        "%(rate)s %% VAT is charged by a supplier whose VAT number %(value)s is not valid. Ask for a correct invoice "
        "before the VAT is reclaimed."
    ),
    "reverse_without_seller_number": _(
        "The VAT is reverse-charged, but the VAT number of the supplier is not on the document."
    ),
    "reverse_without_buyer_number": _(
        "The VAT is reverse-charged, but the VAT number of the customer is not on the document."
    ),
    "reverse_other_number": _(
        "The VAT is reverse-charged to VAT number %(value)s, which is not a Dutch one: it may be due in that country."
    ),
    "vat_rate_not_valid": _(
        "%(rate)s %% is not a Dutch VAT rate on %(text)s (then: %(value)s). Ask the supplier for a correct invoice."
    ),
    "vat_rate_of_before": _(
        "%(rate)s %% was the Dutch VAT rate until %(text)s: right on a credit of an invoice of before that day."
    ),
    "vat_rate_by_date": _(
        "%(rate)s %% is the VAT rate on the date of the document, but not on %(text)s, when it was delivered."
    ),
    "margin_scheme": _(
        "This was bought under the margin scheme: no VAT is on the document and none can be reclaimed."
    ),
    "margin_text": _(
        "The text speaks of the margin scheme, but VAT is charged. Look which of the two is right."
    ),
    "goods_or_services": _(
        "The VAT is reverse-charged from %(country)s and the text does not say whether this is goods or services: "
        "booked as %(value)s. Both stand in box 4b of the VAT return."
    ),
    "text_speaks_of_goods": _(
        "The VAT is reverse-charged from %(country)s and the text speaks of goods: booked as %(value)s, for the "
        "document does not call it a delivery of goods. Both stand in box 4b of the VAT return."
    ),
    "text_speaks_of_services": _(
        "The document calls this a delivery of goods from %(country)s (category K) and the text speaks of services: "
        "booked as %(value)s. Both stand in box 4b of the VAT return."
    ),
    "import_or_services": _(
        "This comes from outside the EU and the text does not say whether it is goods or services: booked as "
        "%(value)s. For goods the VAT may be on the customs document instead."
    ),
    "small_business": _(
        "The supplier uses the small business scheme (KOR): no VAT is on the document and none can be reclaimed."
    ),
    "small_business_charges": _(
        "The text says that the supplier uses the small business scheme (KOR), but VAT is charged. Who uses it may "
        "not charge any: ask for a correct invoice."
    ),
    "outside_with_number": _(
        "The document calls this outside the scope of VAT (category O), but carries VAT numbers. Look whether it is "
        "exempt or reverse-charged."
    ),
    "zero_from_abroad": _(
        "No VAT is charged (0 %%) by a supplier in %(country)s. Look whether you must declare the VAT yourself."
    ),
    "vat_category_odd": _("VAT category %(value)s (%(text)s) does not fit a supplier in %(country)s."),
    "delivered_elsewhere": _(
        "The goods were delivered in %(country)s, not in the Netherlands: the VAT may be due there."
    ),
}
