"""Tables that people take along and bring in as files, csv or xlsx."""
