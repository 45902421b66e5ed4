from preceptor.models.store import CachedResponseStore

MADE_AT = "2026-11-24T12:00:00.000000Z"


def test_what_is_kept_is_found_by_its_key_and_nothing_else_is(database):
    with database.write() as connection:
        CachedResponseStore(connection=connection).add_many({"a": {"text": "é"}, "b": {"text": "2"}}, MADE_AT)
    with database.read() as connection:
        assert CachedResponseStore(connection=connection).list_by_key(["a", "c"]) == {"a": {"text": "é"}}


def test_a_key_keeps_its_first_answer(database):
    """Two runs that asked the same at the same time must read the same afterwards."""
    for text in ("first", "second"):
        with database.write() as connection:
            CachedResponseStore(connection=connection).add_many({"a": {"text": text}}, MADE_AT)
    with database.read() as connection:
        assert CachedResponseStore(connection=connection).list_by_key(["a"]) == {"a": {"text": "first"}}


def test_nothing_is_kept_and_nothing_asked(database):
    with database.write() as connection:
        store = CachedResponseStore(connection=connection)
        store.add_many({}, MADE_AT)
        assert store.list_by_key([]) == {}
