from preceptor.evals.types import ScoreRow
from preceptor.gates.slices import cases_by_slice, is_selected, of_cases
from preceptor.gates.types import Evidence

ROWS = [
    ScoreRow(id="a", score=1.0, slices=("intent=billing", "locale=de")),
    ScoreRow(id="b", score=0.0, slices=("intent=refund",)),
    ScoreRow(id="c", score=None),
]
BARE = [ScoreRow(id=row.id, score=row.score) for row in ROWS]


def test_a_case_is_in_each_of_its_slices_whichever_side_names_them():
    expected = {"intent=billing": ["a"], "intent=refund": ["b"], "locale=de": ["a"]}
    for before, after in ((ROWS, ROWS), (ROWS, BARE), (BARE, ROWS)):
        evidence = Evidence(baseline={"m": before}, candidate={"m": after}, primary="m")
        assert cases_by_slice(evidence, "m") == expected


def test_selectors_choose_whole_names_or_the_part_before_the_sign():
    evidence = Evidence(baseline={}, candidate={"m": ROWS}, primary="m")
    assert list(cases_by_slice(evidence, "m", ["intent"])) == ["intent=billing", "intent=refund"]
    assert list(cases_by_slice(evidence, "m", ["locale=de", "intent=refund"])) == ["intent=refund", "locale=de"]
    assert cases_by_slice(evidence, "m", ["int"]) == {}
    assert is_selected("vip", "vip")


def test_the_evidence_of_some_cases_has_them_on_both_sides_and_no_other_metric():
    evidence = Evidence(baseline={"m": ROWS, "n": ROWS}, candidate={"m": ROWS}, primary="m")
    part = of_cases(evidence, "m", ["c", "a"])
    assert {name: [row.id for row in rows] for name, rows in part.baseline.items()} == {"m": ["a", "c"]}
    assert [row.id for row in part.candidate["m"]] == ["a", "c"]
    assert of_cases(evidence, "other", ["a"]).candidate == {}
