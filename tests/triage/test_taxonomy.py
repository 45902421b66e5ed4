"""A taxonomy file is read whole, or every mistake in it is named with its line."""

from __future__ import annotations

import pytest

from preceptor.core.documents import parse_document
from preceptor.core.errors import InputError
from preceptor.triage.detectors.failed_metric import FailedMetric
from preceptor.triage.taxonomy import load_taxonomy
from preceptor.triage.types import Category

GOOD = """\
graders:
  names_article: {kind: contains, values: [article]}
detectors:
  - {kind: failed_metric, metric: names_article, category: no_article, root_causes: {nothing: not_cited}}
  - {kind: truncated}
categories:
  - name: no_article
    title: Names no article
    severity: P1
    root_causes: [not_cited]
  - {name: truncated, severity: P2}
"""

BAD = """\
graders:
  names_article: {kind: contans, values: [article]}
  other: 5
  third: {values: []}
detectors:
  - {kind: failed_metric, metric: nams_article, category: x}
  - {kind: truncate}
  - {kind: repetition, times: 1}
  - {severity: P1}
  - 7
categories:
  - {name: a, severity: P9}
  - {name: b, sevrity: P1}
  - {name: ""}
  - {name: c}
  - {name: c}
extra: 1
"""


def test_taxonomy_is_read():
    taxonomy = load_taxonomy(parse_document(GOOD, "taxonomy.yaml"))
    assert list(taxonomy.graders) == ["names_article"]
    assert taxonomy.detectors[0] == FailedMetric(
        metric="names_article", category="no_article", root_causes={"nothing": "not_cited"}
    )
    assert taxonomy.categories["no_article"] == Category(
        name="no_article", title="Names no article", severity="P1", root_causes=("not_cited",)
    )


def test_hash_is_that_of_what_the_file_says():
    first, same, other = (
        load_taxonomy(parse_document(text, "t")).hash for text in (GOOD, "# remark\n" + GOOD, GOOD.replace("P2", "P3"))
    )
    assert first == same != other


def test_every_mistake_is_named_with_its_line():
    with pytest.raises(InputError) as caught:
        load_taxonomy(parse_document(BAD, "taxonomy.yaml"))
    lines = sorted({int(line.split(":")[1]) for line in str(caught.value).splitlines()})
    assert lines == [2, 3, 4, 6, 7, 8, 9, 10, 12, 13, 14, 16, 17]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "must be a mapping with graders, detectors, categories, not null"),
        ("- a", "not a list"),
        ("graders: []", "must be a mapping from metric to grader"),
        ("detectors: {}", "must be a list"),
        ("categories: 5", "must be a list"),
    ],
)
def test_wrong_shapes_are_named(text, said):
    with pytest.raises(InputError, match=said):
        load_taxonomy(parse_document(text, "taxonomy.yaml"))
