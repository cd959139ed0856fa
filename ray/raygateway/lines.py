"""Text for people, as it goes into a status message; Java's ``MessageLine`` does the same."""

import re

LONGEST = 1000
"""In UTF-16 units, as Java counts characters: an event has to fit into a Service Bus message whatever a computation says."""

# Nobody's line is longer; a text of megabytes is not looked at as a whole.
_LOOKED_AT = 10 * LONGEST
# Control characters, blanks, line separators, and what turns the direction of writing.
_NO_PART_OF_A_LINE = re.compile("[\u0000-\u0020\u007f-\u00a0\u200e\u200f\u2028-\u202e\u2066-\u2069]+")


def one_line(text: object) -> str:
    """The text on one line, without control characters, cut to :data:`LONGEST`."""
    whole = str(text)
    shown = whole[:_LOOKED_AT].encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    line = _NO_PART_OF_A_LINE.sub(" ", shown).strip(" ")
    units = line.encode("utf-16-le")
    if len(units) > 2 * LONGEST or len(whole) > _LOOKED_AT:
        # Half of a pair that was cut in two is left out.
        return units[: 2 * (LONGEST - 3)].decode("utf-16-le", "ignore") + "..."
    return line
