"""What is asked and remembered about items."""

from apps.items.models.mapping import ItemMapping, ItemMappings
from apps.items.models.question import ItemQuestion, ItemQuestions
from apps.items.models.words import ItemKind, QuestionKind

__all__ = ["ItemKind", "ItemMapping", "ItemMappings", "ItemQuestion", "ItemQuestions", "QuestionKind"]
