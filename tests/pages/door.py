"""Signing in, passwords and devices."""

from tests.pages.rows import (
    ANSWERED,
    ELSEWHERE,
    SEEN,
    action,
    learner,
    only_strangers,
    outside,
    public,
    signed_in,
)
from tests.world import Who

DOOR = [
    outside("account_login", only_strangers()),
    outside("account_request_login_code", only_strangers()),
    outside("account_township_code", only_strangers()),
    outside("account_reset_password", only_strangers()),
    outside("account_inactive", public()),
    learner("account_logout", {**public(), Who.STRANGER: ELSEWHERE}),
    learner(
        "account_change_password",
        {**signed_in(), **dict.fromkeys(set(Who) - {Who.STRANGER}, SEEN | ELSEWHERE)},
    ),
    learner("account_sessions", signed_in()),
    outside("account_second_factor", signed_in(), Who.TOWNSHIP),
    action("account_end_sessions", signed_in(ANSWERED)),
]
