"""The printed figures, written out once more: nothing of the script is asked for them."""

FUNNEL = {
    "referred": 43,
    "taken_up": 24,
    "declined_by_child": 3,
    "declined_by_parent": 2,
    "not_known_if_told": 14,
    "told_no_answer": 0,
    "objected": 0,
    "unmet": 0,
    "fell_away": 0,
    "open": 0,
}
PARTICIPATION = {
    "attended_with_advocate": 4,
    "represented_by_advocate": 20,
    "attended_without_advocate": 1,
    "neither": 18,
    "not_recorded": 0,
}
