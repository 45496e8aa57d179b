import json
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

EXERCISE = {"exercise_body": "b", "test_code": "t", "test_code_solution": "s"}
TEXTS = {
    "emoji": "\U0001f469\U0001f3fd\u200d\U0001f680 \U0001f3f3\ufe0f\u200d\U0001f308 \U0001f1ea\U0001f1fa",
    "right to left": "\u200f\u05e9\u05dc\u05d5\u05dd\u202e \u0639\u0627\u0644\u0645\u202c\u2066!\u2069",
    "not normalised": "e\u0301 é \u212b Å ﬁ \u1100\u1161 가",
    "joiners": "a\u200db\u200cc\ufeffd\u2060",
    "no characters": "\uffff \ufffe \U0010ffff \ufdd0",
    "private": "\ue000 \U000f0000",
    "replacement": "\ufffd",
    "controls": "\x01\x1b[31m\x7f\x80\x85\u2028\u2029",
    "line ends": "a\r\nb\rc\n\n\td \r\n",
    "spaces": "  \u00a0 a \u3000\u200b ",
    "a byte order mark": "\ufeffa",
    "a long line": "x" * 100_000 + "é" * 20_000,
    "many lines": "line\n" * 20_000,
    "quotes": "'\"`\\ \\u0000 %s {} $1 ; DROP TABLE scores; --",
    "markup": "<script>alert(1)</script>&amp;",
    "upper and lower": "İıßẞſK",  # noqa: RUF001 - letters whose other case is another letter
    "JSON": '{"a": null}',
}
# Every text that PostgreSQL can keep: any code point but NUL and the halves of surrogate pairs.
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=120)
EACH_IN_THE_SAME_DATABASE = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def stored(client, admin, rows):
    """Add an exercise with one text in all of its fields; return the text as it is answered, stored and read back."""

    def add(text, ensure_ascii):
        body = json.dumps(dict.fromkeys(EXERCISE, text), ensure_ascii=ensure_ascii).encode()
        answers = [client.post("/exercises", data=body, content_type="application/json", headers=admin.headers)]
        assert answers[0].status_code == 201, answers[0].json
        exercise_id = answers[0].json["data"]["id"]
        answers.append(client.get(f"/exercises/{exercise_id}", headers=admin.headers))
        answers.append(client.get("/exercises?limit=1000", headers=admin.headers))
        found = [json.loads(answer.data) for answer in answers]
        exercises = [found[0]["data"], found[1]["data"], found[2]["data"]["exercises"][-1]]
        exercises += rows("SELECT * FROM exercises WHERE id = :id", id=exercise_id)
        return [exercise[name] for exercise in exercises for name in EXERCISE]

    return add


@pytest.mark.parametrize("ensure_ascii", [True, False], ids=["escaped", "plain"])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_text_is_kept_as_it_came(stored, text, ensure_ascii):
    assert [one.encode() for one in stored(text, ensure_ascii)] == [text.encode()] * 12


@EACH_IN_THE_SAME_DATABASE
@given(text=ANY_TEXT.filter(bool), ensure_ascii=st.booleans())
def test_any_text_is_kept_as_it_came(stored, text, ensure_ascii):
    assert [one.encode() for one in stored(text, ensure_ascii)] == [text.encode()] * 12


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_username_is_kept_as_it_was_typed(client, admin, text):
    name = f"a{text}"[:128]
    body = {"username": name, "email": "a@example.org", "password": text[:1024]}
    assert client.post("/users", json=body, headers=admin.headers).status_code == 201
    users = client.get("/users").json["data"]["users"]
    assert users[0]["username"].encode() == name.encode()


@settings(EACH_IN_THE_SAME_DATABASE, max_examples=25)
@given(password=ANY_TEXT.filter(bool))
def test_any_password_opens_its_account_and_no_other_does(client, password):
    account = {"email": f"{uuid.uuid4()}@example.org", "password": password}
    registered = client.post("/auth/register", json=account | {"username": account["email"]})
    assert registered.status_code == 201, registered.json
    assert client.post("/auth/login", json=account).status_code == 200
    for other in (password + " ", password[:-1], password.swapcase() + "x"):
        assert client.post("/auth/login", json=account | {"password": other}).status_code == 404


def test_a_filter_is_no_pattern(client, admin):
    for text in ("%", "_", "a' OR '1'='1"):
        answer = client.get("/scores", query_string={"user_id": text}, headers=admin.headers)
        assert (answer.status_code, list(answer.json["errors"])) == (400, ["user_id"])
