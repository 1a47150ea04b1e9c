import { element, escaped } from "./element.ts";

/** A drawing without its frame: a page sets all of them in one style, a file of its own carries it along. */
export interface Chart {
  /** What it shows, for those who cannot see it. */
  readonly title: string;
  readonly width: number;
  readonly height: number;
  /** SVG elements. */
  readonly content: string;
}

/** A chart as part of an HTML page that has {@link chartStyle}. */
export function inlineSvg({ title, width, height, content }: Chart): string {
  const box = { viewBox: `0 0 ${width} ${height}`, role: "img", width, height };
  return element("svg", { class: "chart", ...box }, titled(title), content);
}

/** Pixels around a chart that stands alone. */
const margin = 14;

/** A chart as a file of its own. */
export function svgFile({ title, width, height, content }: Chart): string {
  const size = { width: width + 2 * margin, height: height + 2 * margin };
  const box = { ...size, viewBox: `${-margin} ${-margin} ${size.width} ${size.height}` };
  const page = element("rect", { class: "page", x: -margin, y: -margin, ...size });
  const svg = element(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", class: "chart", role: "img", ...box },
    titled(title),
    element("style", {}, chartStyle),
    page,
    content,
  );
  return `${svg}\n`;
}

function titled(title: string): string {
  return element("title", {}, escaped(title));
}

/** Series beyond these begin again; their marks differ in shape too, so that nothing is told by colour alone. */
export const seriesCount = 8;

const light = {
  ink: "#16181d",
  soft: "#5b616b",
  line: "#e3e5e8",
  axis: "#a9aeb6",
  page: "#ffffff",
  fill: "#aeb8c6",
  alarm: "#d03b3b",
  s0: "#2a6fd0",
  s1: "#d9621f",
  s2: "#138a63",
  s3: "#8a4fc0",
  s4: "#b37a00",
  s5: "#c2417c",
  s6: "#0f8aa0",
  s7: "#6b7280",
};

const dark: typeof light = {
  ink: "#f1f2f4",
  soft: "#a7adb7",
  line: "#2c3036",
  axis: "#5d646e",
  page: "#16181c",
  fill: "#566274",
  alarm: "#ff6b61",
  s0: "#5b9df0",
  s1: "#f08a4b",
  s2: "#35b988",
  s3: "#b287e6",
  s4: "#d9a52b",
  s5: "#ec7cab",
  s6: "#43b8cc",
  s7: "#9aa1ac",
};

function variables(colours: Readonly<Record<string, string>>): string {
  return Object.entries(colours)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(";");
}

const series = Object.keys(light).filter((name) => /^s\d$/.test(name));

/** Colours by name, light and dark; paper is light. */
export const colourStyle = [
  `:root{color-scheme:light dark;${variables(light)}}`,
  `@media (prefers-color-scheme:dark){:root{${variables(dark)}}}`,
  `@media print{:root{color-scheme:light;${variables(light)}}}`,
].join("");

/** Style of everything that charts draw. No `>`: within XML it stays as it is. */
export const chartStyle = [
  colourStyle,
  ".chart{font-family:system-ui,'Helvetica Neue',Helvetica,Arial,'Liberation Sans',sans-serif}",
  ".chart text{font-size:11px;font-variant-numeric:tabular-nums}",
  ".page{fill:var(--page)}.heading{font-weight:600;fill:var(--ink)}.name{fill:var(--ink)}.note{fill:var(--soft)}",
  ".alarming{fill:var(--alarm);font-weight:600}",
  ".grid{stroke:var(--line);stroke-width:1}.axis{stroke:var(--axis);stroke-width:1}",
  ".bound{stroke:var(--soft);stroke-width:1;stroke-dasharray:3 3;fill:none}",
  ".curve{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}",
  ".trace{fill:none;stroke-width:1;stroke-linejoin:round;opacity:.35}",
  ".area{fill:var(--fill)}.alarm{fill:var(--alarm)}",
  ...series.map((name) => `.line-${name}{stroke:var(--${name})}.mark-${name}{fill:var(--${name})}`),
].join("");
