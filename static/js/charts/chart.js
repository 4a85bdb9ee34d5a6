// Draws the charts of a page, each from the table below it: the table is the truth, the chart repeats it.
//
// <figure data-chart="bars" data-table="way" data-columns="0" hidden></figure> … <table id="way"> with data-value on its cells
//
// Loaded on pages with charts alone. Nothing moves, every bar has its number in words, and colours come from the stylesheet.
import { axisBottom, scaleBand, scaleLinear, scaleUtc, select } from "./d3.min.js";

const NARROW = 620;
const LEAST = 160;
const NAMES = 230;
const NUMBERS = 76;
const DRAW = { bars, days, limits };

document.querySelectorAll("figure[data-chart]").forEach((figure) => {
  const table = tableOf(figure);
  figure.hidden = false;
  let width = 0;
  new ResizeObserver(([{ contentRect }]) => {
    const room = Math.floor(contentRect.width);
    if (room === width || room < LEAST) return; // while a page is laid out, there may be no room at all for a moment
    width = room;
    select(figure).selectAll("svg, p").remove();
    DRAW[figure.dataset.chart](select(figure), table, width);
  }).observe(figure);
});

function tableOf({ dataset }) {
  const table = document.getElementById(dataset.table);
  const heads = [...table.tHead.rows[0].cells].slice(1);
  const columns = dataset.columns.split(" ").map(Number);
  return {
    names: columns.map((place) => heads[place].textContent),
    rows: [...table.tBodies[0].rows].map((row) => ({
      key: row.dataset.key,
      name: row.cells[0].textContent.trim(),
      values: columns.map((place) => numberIn(row.cells[place + 1])),
      words: columns.map((place) => row.cells[place + 1].textContent.trim()),
    })),
  };
}

function numberIn(cell) {
  return "value" in cell.dataset ? Number(cell.dataset.value) : null;
}

// A picture for eyes only: who does not see it reads the table.
function canvas(figure, width, height) {
  const svg = figure.append("svg").attr("viewBox", `0 0 ${width} ${height}`).attr("width", width).attr("height", height);
  return svg.attr("aria-hidden", "true").attr("focusable", "false");
}

// The names stand left of the bars, or above them where there is no room.
function lanes(figure, rows, width) {
  const isNarrow = width < NARROW;
  const lane = isNarrow ? 46 : 30;
  const left = isNarrow ? 0 : NAMES;
  const place = scaleBand(rows.map((_row, index) => index), [0, rows.length * lane]).paddingInner(0);
  const svg = canvas(figure, width, rows.length * lane + 30);
  rows.forEach((row, index) => {
    const text = svg.append("text").attr("class", "zc-chart__name").text(row.name);
    text.attr("x", isNarrow ? 0 : left - 10).attr("y", place(index) + (isNarrow ? 14 : lane / 2 + 5));
    if (!isNarrow) text.attr("text-anchor", "end");
    shorten(text, isNarrow ? width : left - 14);
  });
  return { svg, left, lane, top: (index) => place(index) + (isNarrow ? 20 : 5), height: 20 };
}

// A name that is too long ends in dots; the table has it whole.
function shorten(text, room) {
  const whole = text.text();
  for (let length = whole.length; length > 1 && text.node().getComputedTextLength() > room; length -= 1) {
    text.text(`${whole.slice(0, length - 1)}…`);
  }
}

function bars(figure, { rows }, width) {
  const { svg, left, top, height } = lanes(figure, rows, width);
  const most = Math.max(1, ...rows.map((row) => row.values[0]));
  const long = scaleLinear([0, most], [0, width - left - NUMBERS]);
  rows.forEach((row, index) => {
    const y = top(index);
    svg.append("rect").attr("class", "zc-chart__bar").attr("x", left).attr("y", y);
    svg.selectAll("rect:last-of-type").attr("width", long(row.values[0])).attr("height", height);
    const number = svg.append("text").attr("class", "zc-chart__number").text(row.words[0]);
    number.attr("x", left + long(row.values[0]) + 6).attr("y", y + 15);
  });
  svg.append("line").attr("class", "zc-chart__base").attr("x1", left).attr("x2", left);
  svg.select("line").attr("y1", 0).attr("y2", svg.attr("height") - 30);
  svg.attr("height", svg.attr("height") - 24).attr("viewBox", `0 0 ${width} ${svg.attr("height")}`);
}

// One small picture a column, all on the same days, so that a peak of one can be held against the others.
function days(figure, { names, rows }, width) {
  const dates = rows.map((row) => new Date(`${row.key}T00:00:00Z`));
  const day = 86400000;
  const time = scaleUtc([dates[0], new Date(dates.at(-1).getTime() + day)], [0, width - 28]);
  const thick = Math.max(1.5, time(new Date(dates[0].getTime() + day)) - 1);
  names.forEach((name, column) => {
    const values = rows.map((row) => row.values[column] ?? 0);
    const most = Math.max(...values);
    if (!most) return;
    const peak = values.indexOf(most);
    const height = scaleLinear([0, most], [0, 70]);
    const svg = canvas(figure, width, 128);
    svg.append("text").attr("class", "zc-chart__name zc-chart__name--strong").attr("y", 16).text(name);
    values.forEach((value, index) => {
      const bar = svg.append("rect").attr("class", index === peak ? "zc-chart__bar zc-chart__bar--peak" : "zc-chart__bar");
      bar.attr("x", time(dates[index])).attr("width", thick).attr("y", 100 - height(value)).attr("height", height(value));
    });
    const right = time(dates[peak]) > width / 2;
    const label = svg.append("text").attr("class", "zc-chart__number").text(`${rows[peak].name} ${rows[peak].words[column]}`);
    label.attr("x", time(dates[peak]) + (right ? -4 : thick + 4)).attr("y", 34).attr("text-anchor", right ? "end" : "start");
    const axis = axisBottom(time).ticks(Math.max(2, Math.floor(width / 130))).tickFormat(shown).tickSizeOuter(0);
    svg.append("g").attr("class", "zc-chart__axis").attr("transform", "translate(0,100)").call(axis);
  });
}

function shown(date) {
  return new Intl.DateTimeFormat(document.documentElement.lang, { month: "short", day: "numeric", timeZone: "UTC" }).format(date);
}

// Columns: the share, the limits of 95 %, those of 99.8 %, and the common share. Outside is another shape, not another colour alone.
function limits(figure, { rows }, width) {
  const { svg, left, lane, top, height } = lanes(figure, rows, width);
  const along = scaleLinear([0, 1], [left + 16, width - 22]);
  rows.forEach(({ values: [share, low, high, lowest, highest, common] }, index) => {
    if (share === null) return;
    const y = top(index);
    band(svg, "zc-chart__band", along, lowest, highest, y, height);
    band(svg, "zc-chart__band zc-chart__band--inner", along, low, high, y, height);
    svg.append("line").attr("class", "zc-chart__common").attr("x1", along(common)).attr("x2", along(common));
    svg.selectAll("line:last-of-type").attr("y1", index * lane).attr("y2", (index + 1) * lane);
    mark(svg, along(share), y + height / 2, share < lowest || share > highest);
  });
  const axis = axisBottom(along).ticks(Math.min(10, Math.floor((width - left) / 60)), "%").tickSizeOuter(0);
  svg.append("g").attr("class", "zc-chart__axis").attr("transform", `translate(0,${rows.length * lane + 2})`).call(axis);
}

function band(svg, look, along, from, to, y, height) {
  const box = svg.append("rect").attr("class", look).attr("x", along(from)).attr("y", y);
  box.attr("width", Math.max(2, along(to) - along(from))).attr("height", height);
}

function mark(svg, x, y, isOutside) {
  if (isOutside) svg.append("path").attr("class", "zc-chart__mark zc-chart__mark--outside").attr("d", `M${x},${y - 9}l9,9l-9,9l-9,-9z`);
  else svg.append("circle").attr("class", "zc-chart__mark").attr("cx", x).attr("cy", y).attr("r", 5.5);
}
