"""Scripts under version control: published versions, who approved them, and how many calls each gets.

`events` is what may happen to a version, `standing` the pure state machine over it, `ledger` the file that both are
kept in. `versions` holds what was published, `publishing` makes it, `review` shows what would change. `choice` says
which version a call gets, `guard` whether one must be stopped, `tally` counts the calls for it, and `in_service` puts
these together for a running process. It knows a call and its tape, and nothing of campaigns.
"""
