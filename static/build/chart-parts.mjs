// What the charts need of d3: scales, an axis, and selections; build.sh makes one file of it.
export { axisBottom } from "d3-axis";
export { scaleBand, scaleLinear, scaleUtc } from "d3-scale";
export { select } from "d3-selection";
