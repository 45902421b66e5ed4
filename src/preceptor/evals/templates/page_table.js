// The table of samples: filters, sorting, pages, and opening a row.

const PAGE_SIZE = 100;
const MOST_COLUMNS = 6;

(function start() {
  if (typeof document === "undefined") return;
  const settings = JSON.parse(document.getElementById("settings").textContent);
  const rows = JSON.parse(document.getElementById("data").textContent);
  rows.forEach((row, place) => { row.place = place; });
  const isPair = settings.baseline !== null;
  const metrics = allMetrics(rows, settings);
  const shownMetrics = metrics.slice(0, MOST_COLUMNS);
  const state = {
    filters: { search: "", status: "", slice: "", tag: "", result: "", change: "", metric: metrics[0] || "" },
    sort: { column: metrics.length ? `metric:${metrics[0]}` : "place", isDescending: false },
    page: 0,
    open: new Set(),
  };
  const columns = [
    ["id", "Sample"], ["status", "Status"],
    ...shownMetrics.map((name) => [`metric:${name}`, name]),
    ["latency", "Latency, s"], ["tokens", "Tokens"],
  ];
  const byId = (id) => document.getElementById(id);
  const body = byId("table").tBodies[0];

  /** The primary first; those that only the samples know come last. */
  function allMetrics(found, known) {
    const names = new Set([known.primary, ...known.metrics]);
    found.forEach((row) => [row.run, row.baseline].forEach((side) => side && side.scores.forEach((score) => names.add(score[0]))));
    const used = new Set(found.flatMap((row) => (row.run || row.baseline).scores.map((score) => score[0])));
    return [...names].filter((name) => name && (used.has(name) || known.metrics.includes(name)));
  }

  function counted(values) {
    const counts = new Map();
    values.forEach((value) => counts.set(value, (counts.get(value) || 0) + 1));
    return [...counts].sort((left, right) => right[1] - left[1] || left[0].localeCompare(right[0]))
      .map(([value, count]) => [value, `${words(value)} (${count.toLocaleString("en")})`]);
  }

  function select(title, name, options, every) {
    if (!options.length) return null;
    const box = make("select", { name }, every === null ? null : make("option", { value: "" }, every), options.map(([value, text]) => make("option", { value }, text)));
    box.addEventListener("change", () => { state.filters[name] = box.value; state.page = 0; show(); });
    return make("label", {}, title, box);
  }

  function addFilters() {
    const form = byId("filters"), perMetric = metrics.length > 1 ? metrics.map((name) => [name, name]) : [];
    const changes = isPair ? [["worse", "worse"], ["better", "better"], ["changed", "answer changed"], ["same", "same scores"], ["not comparable", "not comparable"]] : [];
    const results = [["pass", `${PASS} or more`], ["fail", `below ${PASS}`], ["none", "no score"]];
    const made = [
      select("Change", "change", changes, "any"),
      select("Status", "status", counted(rows.map(statusOf)), "any"),
      select("Slice", "slice", counted(rows.flatMap((row) => row.slices || [])), "all"),
      select("Tag", "tag", counted(rows.flatMap((row) => row.tags || [])), "any"),
      select("Result", "result", metrics.length ? results : [], "any"),
      select("on metric", "metric", perMetric, null),
      sortBox(),
      make("button", { type: "reset" }, "Clear"),
    ];
    form.append(...made.filter(Boolean));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => {
      Object.assign(state.filters, { search: "", status: "", slice: "", tag: "", result: "", change: "", metric: metrics[0] || "" });
      state.page = 0;
      show();
    });
    let waiting;
    byId("search").addEventListener("input", (event) => {
      clearTimeout(waiting);
      waiting = setTimeout(() => { state.filters.search = event.target.value; state.page = 0; show(); }, 120);
    });
    form.hidden = false;
  }

  /** For screens on which the table has no head. */
  function sortBox() {
    const box = make("select", { id: "sort" });
    [["place", "order of the suite"], ...columns].forEach(([column, title]) => {
      [["", "up"], ["-", "down"]].forEach(([sign, way]) => box.append(make("option", { value: sign + column }, `${title}, ${way}`)));
    });
    box.addEventListener("change", () => {
      state.sort = { column: box.value.replace(/^-/, ""), isDescending: box.value.startsWith("-") };
      state.page = 0;
      show();
    });
    return make("label", {}, "Sort", box);
  }

  function addHead() {
    const cells = columns.map(([column, title]) => {
      const button = make("button", { type: "button" }, title);
      button.addEventListener("click", () => {
        const isSame = state.sort.column === column;
        state.sort = { column, isDescending: isSame && !state.sort.isDescending };
        state.page = 0;
        show();
      });
      return make("th", { scope: "col", "data-column": column, class: column === "id" || column === "status" ? null : "number" }, button);
    });
    byId("table").tHead.append(make("tr", {}, cells));
  }

  function metricCell(row, name) {
    const after = scoreOf(row.run, name);
    if (!isPair) return make("td", { class: "number", "data-label": name }, after && after.value !== null ? figure(after.value) : make("span", { class: "missing" }, "no score"));
    const before = scoreOf(row.baseline, name), change = changeOf(row, name);
    const text = `${figure(before && before.value)} → ${figure(after && after.value)}`;
    const reading = change ? make("span", { class: `under ${change < 0 ? "worse" : "better"}` }, `${change < 0 ? "▼" : "▲"} ${signed(change)}`) : null;
    return make("td", { class: "number", "data-label": name }, text, reading);
  }

  function addRow(row) {
    const key = row.place, isOpen = state.open.has(key);
    const name = settings.epochs > 1 ? `${row.id} · epoch ${row.epoch}` : row.id;
    const button = make("button", { type: "button", class: "opener", "aria-expanded": String(isOpen) }, name);
    const shown = make("tr", { class: "sample" },
      make("th", { scope: "row" }, button, row.input ? make("span", { class: "under excerpt", dir: "auto" }, row.input.slice(0, 160)) : null),
      make("td", { "data-label": "Status" }, make("span", { class: statusOf(row) === "ok" ? "" : "worse" }, words(statusOf(row)))),
      shownMetrics.map((metric) => metricCell(row, metric)),
      make("td", { class: "number", "data-label": "Latency, s" }, figure(row.run && row.run.latency)),
      make("td", { class: "number", "data-label": "Tokens" }, figure(tokensOf(row.run))));
    body.append(shown);
    const toggle = () => {
      const willOpen = !state.open.has(key);
      if (willOpen) { state.open.add(key); shown.after(detailRow(row)); } else { state.open.delete(key); shown.nextSibling.remove(); }
      button.setAttribute("aria-expanded", String(willOpen));
    };
    button.addEventListener("click", toggle);
    if (isOpen) shown.after(detailRow(row));
  }

  function detailRow(row) {
    return make("tr", { class: "detail" }, make("td", { colspan: columns.length }, details(row, isPair)));
  }

  function showPager(total) {
    const pages = Math.ceil(total / PAGE_SIZE), pager = byId("pager");
    pager.hidden = pages < 2;
    const step = (title, page) => {
      const button = make("button", { type: "button", disabled: page < 0 || page >= pages }, title);
      button.addEventListener("click", () => { state.page = page; show(); byId("samples").scrollIntoView(); });
      return button;
    };
    pager.replaceChildren(step("First", state.page ? 0 : -1), step("Previous", state.page - 1), make("span", {}, `Page ${state.page + 1} of ${pages}`), step("Next", state.page + 1), step("Last", state.page < pages - 1 ? pages - 1 : -1));
  }

  function show() {
    const wanted = sorted(rows.filter((row) => isWanted(row, state.filters, metrics)), state.sort, isPair);
    const first = state.page * PAGE_SIZE, some = wanted.slice(first, first + PAGE_SIZE);
    body.replaceChildren();
    some.forEach(addRow);
    const number = (count) => count.toLocaleString("en");
    const range = wanted.length > PAGE_SIZE ? `, ${number(first + 1)}–${number(first + some.length)} shown` : "";
    const all = wanted.length < rows.length ? ` of ${number(rows.length)}` : "";
    byId("shown").textContent = rows.length ? `${number(wanted.length)}${all} samples${range}` : "No sample was recorded.";
    document.querySelectorAll("#table th[data-column]").forEach((cell) => {
      const isSorted = cell.dataset.column === state.sort.column;
      if (isSorted) cell.setAttribute("aria-sort", state.sort.isDescending ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
    });
    byId("sort").value = (state.sort.isDescending ? "-" : "") + state.sort.column;
    showPager(wanted.length);
  }

  document.addEventListener("keydown", (event) => {
    const isTyping = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName || "");
    if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      byId("search").focus();
    }
  });
  addFilters();
  addHead();
  byId("table").hidden = false;
  show();
})();
