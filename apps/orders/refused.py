"""What a person cannot do now, whichever act it was. Pure."""


class Refused(Exception):
    """The act is not possible now; the text is one sentence for people."""
