"""Dutch dates in figures: lists are narrow, and 24-11-2026 leaves no doubt."""

DATE_FORMAT = "j-n-Y"
DATETIME_FORMAT = "j-n-Y H:i"
SHORT_DATETIME_FORMAT = "j-n-Y H:i"
