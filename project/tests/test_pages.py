"""The address of the next page."""

from urllib.parse import urlencode

import pytest

from project.api.pages import address_behind


@pytest.mark.parametrize(
    "parameters",
    [
        [],
        [("limit", "20")],
        [("limit", "20"), ("cursor", "AAA"), ("exercise_id", "-1.5")],
        [("a", ""), ("a", "b"), ("~x_y", "1")],
        [("a", "b&c=d")],
        [("a=b", "c")],
        [("name", "ä b+c%20")],
        [("solved_after", "2026-11-22T09:00:00+00:00")],
    ],
)
def test_it_has_the_parameters_of_this_page_and_another_cursor(parameters):
    kept = [pair for pair in parameters if pair[0] != "cursor"]
    assert address_behind("/scores", parameters, "BBB-_") == f"/scores?{urlencode([*kept, ('cursor', 'BBB-_')])}"
