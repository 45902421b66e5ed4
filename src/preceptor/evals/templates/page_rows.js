// Which samples are shown, and in which order; knows nothing of the page.

const PASS = 0.5;

/** A sample's score on a metric: {value, reason, status}, or null where it has none of that name. */
function scoreOf(side, metric) {
  const found = side && side.scores.find((score) => score[0] === metric);
  return found ? { value: found[1], reason: found[2], status: found[3] } : null;
}

function valueOf(side, metric) {
  const score = scoreOf(side, metric);
  return score ? score.value : null;
}

/** Run minus baseline on a metric; null where either has no score. */
function changeOf(row, metric) {
  const after = valueOf(row.run, metric), before = valueOf(row.baseline, metric);
  return after === null || before === null ? null : after - before;
}

function statusOf(row) {
  return row.run ? row.run.status : "only in baseline";
}

function tokensOf(side) {
  if (!side || (side.input_tokens === null && side.output_tokens === null)) return null;
  return (side.input_tokens || 0) + (side.output_tokens || 0);
}

/** Better, worse, same, or not comparable: by the metric; where it stays the same, any other that fell, then rose. */
function outcomeOf(row, metric, metrics) {
  const change = changeOf(row, metric);
  if (change === null) return "not comparable";
  if (change) return change < 0 ? "worse" : "better";
  const others = metrics.map((name) => changeOf(row, name)).filter((other) => other);
  if (others.some((other) => other < 0)) return "worse";
  return others.length ? "better" : "same";
}

function hasChangedAnswer(row) {
  return (row.run ? row.run.output : undefined) !== (row.baseline ? row.baseline.output : undefined);
}

/** All that the search looks at, in small letters; kept on the row, for it is asked again with every key. */
function searched(row) {
  if (row.searched === undefined) {
    const sides = [row.run, row.baseline].filter(Boolean);
    const texts = sides.flatMap((side) => [side.output, side.error, ...side.scores.map((score) => score[2])]);
    row.searched = [row.id, row.input, row.target, ...texts].filter(Boolean).join("\n").toLowerCase();
  }
  return row.searched;
}

const RESULTS = {
  pass: (value) => value !== null && value >= PASS,
  fail: (value) => value !== null && value < PASS,
  none: (value) => value === null,
};

/** True where the row meets every filter; an empty filter is met by all. */
function isWanted(row, filters, metrics) {
  if (filters.status && statusOf(row) !== filters.status) return false;
  if (filters.slice && !(row.slices || []).includes(filters.slice)) return false;
  if (filters.tag && !(row.tags || []).includes(filters.tag)) return false;
  if (filters.result && !RESULTS[filters.result](valueOf(row.run, filters.metric))) return false;
  if (filters.change === "changed" && !hasChangedAnswer(row)) return false;
  if (filters.change && filters.change !== "changed" && outcomeOf(row, filters.metric, metrics) !== filters.change) return false;
  const words = filters.search.toLowerCase().split(/\s+/).filter(Boolean);
  return words.every((word) => searched(row).includes(word));
}

/** What a column sorts by. */
function sortValue(row, column, isPair) {
  if (column === "id") return row.id;
  if (column === "place") return row.place;
  if (column === "status") return statusOf(row);
  if (column === "latency") return row.run ? row.run.latency : null;
  if (column === "tokens") return tokensOf(row.run);
  const metric = column.slice("metric:".length);
  return isPair ? changeOf(row, metric) : valueOf(row.run, metric);
}

/** The rows in order; what has no value comes last in either direction, and ties keep the suite's order. */
function sorted(rows, sort, isPair) {
  const names = new Intl.Collator("en", { numeric: true });
  const keyed = rows.map((row) => [sortValue(row, sort.column, isPair), row]);
  keyed.sort(([left, leftRow], [right, rightRow]) => {
    if (left === null || right === null) return (left === null) - (right === null) || leftRow.place - rightRow.place;
    const order = typeof left === "string" ? names.compare(left, right) : left - right;
    return (sort.isDescending ? -order : order) || leftRow.place - rightRow.place;
  });
  return keyed.map((pair) => pair[1]);
}
