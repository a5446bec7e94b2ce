"""These tests read the texts of the source."""

import pytest


@pytest.fixture(autouse=True)
def _texts_of_the_source(english: None) -> None:
    """Every test here is in English."""
