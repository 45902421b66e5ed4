"""One person's names are told together, two people's apart."""

from __future__ import annotations

from preceptor.governance.people import mention_of, people_in


def test_first_and_family_name_alone_mean_the_one_who_has_them():
    found = people_in(["Maria Lopez", "Maria", "Ms. Lopez", "Juan Perez"])
    assert found["Maria"] == found["Ms. Lopez"] == found["Maria Lopez"]
    assert found["Juan Perez"] != found["Maria Lopez"]


def test_a_name_that_two_people_share_is_nobodys_in_particular():
    found = people_in(["Maria Lopez", "Maria Garcia", "Maria"])
    assert len({mention.words for mention in found.values()}) == 3


def test_accents_titles_and_the_genitive_make_no_difference():
    assert mention_of("Dra. María López's") == mention_of("maria lopez")


def test_the_longest_name_is_the_person():
    found = people_in(["Lopez", "Maria Elena Lopez", "Maria Lopez"])
    assert {mention.words for mention in found.values()} == {("maria", "elena", "lopez")}
