// One sample opened: the conversation, the answers, the scores and their reasons.

/** An element with its attributes and children; every text in it is text. */
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined) element.append(child.nodeType ? child : visible(String(child)));
  }
  return element;
}

function figure(value) {
  if (value === null || value === undefined) return "–";
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en");
  return Number.isInteger(value) ? String(value) : value.toFixed(3);
}

function signed(value) {
  return (value > 0 ? "+" : value < 0 ? "−" : "") + figure(Math.abs(value));
}

function words(name) {
  return name.replaceAll("_", " ");
}

function label(text) {
  return make("p", { class: "label" }, text);
}

function missing(text) {
  return make("p", { class: "missing" }, text);
}

function shownTurn(turn) {
  const who = turn.name ? `${turn.role} · ${turn.name}` : turn.role;
  const calls = turn.calls.map(([name, written]) => make("pre", { class: "call", dir: "auto" }, `${name}(${written})`));
  return make("li", { class: `turn ${turn.role}` }, label(who), turn.text ? make("pre", { dir: "auto" }, turn.text) : null, calls);
}

function conversation(title, turns, isOpen) {
  if (!turns || !turns.length) return null;
  return make("details", { open: isOpen }, make("summary", {}, `${title} (${turns.length})`), make("ol", { class: "turns" }, turns.map(shownTurn)));
}

function marked(parts, tag) {
  return make("pre", { dir: "auto" }, parts.map((part) => (part.only ? make(tag, {}, part.text) : document.createTextNode(visible(part.text)))));
}

function answer(side, parts, tag) {
  if (!side) return missing("This run has no such sample.");
  const found = [];
  if (side.output === null) found.push(missing(`No answer: ${side.error || "no reason was recorded"}`));
  else if (parts) found.push(marked(parts, tag));
  else found.push(make("pre", { dir: "auto" }, side.output || "(empty)"));
  if (side.output !== null && side.error) found.push(make("p", { class: "hint" }, `Error: ${side.error}`));
  if (side.stop) found.push(make("p", { class: "hint" }, `Stopped: ${side.stop}`));
  found.push(make("p", { class: "hint" }, factsOf(side)));
  found.push(conversation("All turns of the answer", side.turns, false));
  return found;
}

function factsOf(side) {
  return [
    words(side.status),
    side.latency === null ? null : `${figure(side.latency)} s`,
    tokensOf(side) === null ? null : `${figure(side.input_tokens)} tokens in, ${figure(side.output_tokens)} out`,
    side.cost === null ? null : `$${Number(side.cost.toPrecision(3))}`,
    side.steps === 1 ? null : `${side.steps} steps`,
    side.cached ? "from the cache" : null,
  ].filter(Boolean).join(" · ");
}

function scoreCell(score, name) {
  if (!score) return make("td", { "data-label": name }, "–");
  const value = score.value === null ? make("span", { class: "missing" }, score.status === "ok" ? "no score" : words(score.status)) : figure(score.value);
  return make("td", { "data-label": name }, value, score.reason ? make("span", { class: "under" }, score.reason) : null);
}

function scoreTable(row, isPair) {
  const sides = isPair ? [["Baseline", row.baseline], ["Candidate", row.run]] : [["Score", row.run]];
  const names = [...new Set(sides.flatMap(([, side]) => (side ? side.scores.map((score) => score[0]) : [])))];
  if (!names.length) return missing("No scores.");
  const head = make("tr", {}, make("th", { scope: "col" }, "Metric"), sides.map(([title]) => make("th", { scope: "col" }, title)));
  const body = names.map((name) => make("tr", {}, make("th", { scope: "row" }, name), sides.map(([title, side]) => scoreCell(scoreOf(side, name), title))));
  return make("table", { class: "scores" }, make("thead", {}, head), make("tbody", {}, body));
}

/** Both answers side by side, the words that only one has marked; or the one answer. */
function answers(row, isPair) {
  if (!isPair) return [label("Answer"), answer(row.run, null, "ins")];
  const both = row.run && row.baseline && row.run.output !== null && row.baseline.output !== null;
  const isSame = both && row.run.output === row.baseline.output;
  const diff = both && !isSame ? wordDiff(row.baseline.output, row.run.output) : null;
  return [
    isSame ? make("p", { class: "hint" }, "Both runs gave the same answer.") : null,
    make("div", { class: "sides" },
      make("div", {}, label("Baseline"), answer(row.baseline, diff && diff.before, "del")),
      make("div", {}, label("Candidate"), answer(row.run, diff && diff.after, "ins"))),
  ];
}

function details(row, isPair) {
  const names = [...(row.slices || []), ...(row.tags || [])];
  const isLong = row.turns && row.turns.length > 1;
  return make("div", { class: "inside" },
    names.length ? make("p", { class: "hint" }, names.join(" · ")) : null,
    isLong ? conversation("Conversation", row.turns, row.turns.length <= 4) : [label("Input"), make("pre", { dir: "auto" }, row.input || (row.turns && row.turns.length ? row.turns[0].text : "not recorded"))],
    row.target === null || row.target === undefined ? null : [label("Wanted"), make("pre", { dir: "auto" }, row.target)],
    answers(row, isPair),
    label("Scores"), scoreTable(row, isPair),
    row.cut ? make("p", { class: "hint" }, `${row.cut.toLocaleString("en")} characters of this sample are kept with the run and cut here.`) : null);
}
