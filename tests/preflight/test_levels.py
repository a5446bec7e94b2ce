from apps.preflight.levels import FAIR, GOOD, NOTE, POOR, UNKNOWN, Point, score_of


def test_the_score_counts_what_is_not_known_against_it_and_notes_not_at_all() -> None:
    levels = [GOOD, GOOD, POOR, UNKNOWN, FAIR, NOTE, NOTE]
    assert score_of([Point("journal", "books", level) for level in levels]) == 40
    assert score_of([Point("journal", "books", UNKNOWN)]) is None
