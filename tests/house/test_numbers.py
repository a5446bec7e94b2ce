"""Numbers in templates: keys go into addresses and forms as they are, amounts are grouped where they ask for it."""

from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation


@pytest.mark.parametrize(("language", "amount"), [("en", "1,234.50"), ("nl", "1.234,50")])
def test_the_digits_of_a_key_are_never_grouped(language: str, amount: str) -> None:
    with translation.override(language):
        page = Template("{% load documents %}{{ key }} {{ amount|money }}")
        assert page.render(Context({"key": 1_234_567, "amount": Decimal("1234.5")})) == f"1234567 {amount}"
