import type { Picture } from "./picture.ts";
import {
  sheetOffset,
  sheetsOf,
  tapPitch,
  tapSide,
  type Box,
  type Edge,
  type Frame,
  type Point,
  type Rectangle,
  type Shape,
  type Taps,
  type Text,
} from "./shapes.ts";
import { fontFamily, lineStyles, roleStyles, roundings, textStyles } from "./style.ts";

/** What is drawn first lies below. */
const layers: readonly Shape["kind"][] = ["frame", "edge", "dot", "box", "badge", "taps", "text"];

/** A picture as a file of its own: no fonts, scripts or images from elsewhere. */
export function toSvg({ title, description, width, height, shapes }: Picture): string {
  const size = `width="${number(width)}" height="${number(height)}"`;
  const box = `viewBox="0 0 ${number(width)} ${number(height)}"`;
  const lines = layers.flatMap((layer) =>
    shapes.filter(({ kind }) => kind === layer).map((shape) => `  ${shapeText(shape)}`),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${box} role="img" font-family="${fontFamily}">`,
    `  <title>${escaped(title)}</title>`,
    `  <desc>${escaped(description)}</desc>`,
    `  <style>${styleSheet()}</style>`,
    `  <defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M1.5 1.5 L6.5 4 L1.5 6.5 Z"/></marker></defs>`,
    `  <rect class="page" width="${number(width)}" height="${number(height)}"/>`,
    ...lines,
    "</svg>",
    "",
  ].join("\n");
}

function styleSheet(): string {
  const rules: Readonly<Record<string, string>> = {
    ...lineStyles,
    ...prefixed("role-", roleStyles),
    ...prefixed("text-", textStyles),
  };
  return Object.entries(rules)
    .map(([name, rule]) => `.${name}{${rule}}`)
    .join("");
}

function prefixed(prefix: string, rules: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.entries(rules).map(([name, rule]) => [prefix + name, rule]));
}

function shapeText(shape: Shape): string {
  switch (shape.kind) {
    case "frame":
      return frameText(shape);
    case "edge":
      return edgeText(shape);
    case "dot":
      return `<circle class="dot" cx="${number(shape.x)}" cy="${number(shape.y)}" r="2.5"/>`;
    case "box":
      return boxText(shape);
    case "badge":
      return `<rect class="badge"${rectangle(shape)} rx="9"${pathsText(shape.paths)}/>`;
    case "taps":
      return tapsText(shape);
    case "text":
      return textText(shape);
  }
}

function frameText(frame: Frame): string {
  return `<rect class="${frame.isDashed ? "repeat" : "panel"}"${rectangle(frame)} rx="8"/>`;
}

function boxText(box: Box): string {
  const { role, x, y, width, height } = box;
  const style = `class="box role-${role}"`;
  const rounding = ` rx="${Math.min(roundings[role], height / 2)}"`;
  const sheets = Array.from({ length: sheetsOf(box) }, (_, index) => {
    const offset = (sheetsOf(box) - index) * sheetOffset;
    const sheet = { x: x + offset, y: y + offset, width, height };
    return `<rect ${style}${rectangle(sheet)}${rounding}/>`;
  });
  return [...sheets, `<rect ${style}${rectangle(box)}${rounding}${pathsText(box.paths)}/>`].join(
    "",
  );
}

function tapsText({ x, y, rows }: Taps): string {
  const taps = rows.flatMap((row, down) =>
    row.map((tap, across) => {
      const at = { x: x + across * tapPitch, y: y + down * tapPitch };
      const sign = tap === 0 ? "zero" : tap > 0 ? "plus" : "minus";
      const strength =
        Math.abs(tap) < 1 && tap > 0 ? ` opacity="${number(0.35 + 0.65 * tap)}"` : "";
      const place = rectangle({ ...at, width: tapSide, height: tapSide });
      return `<rect class="${sign}"${place}${strength}/>`;
    }),
  );
  return `<g>${taps.join("")}</g>`;
}

function textText({ x, y, anchor, style, text }: Text): string {
  const place = `x="${number(x)}" y="${number(y)}" dy="0.35em" text-anchor="${anchor}"`;
  return `<text class="text-${style}" ${place}>${escaped(text)}</text>`;
}

function edgeText({ points, hasHead, isDashed }: Edge): string {
  const head = hasHead ? ' marker-end="url(#head)"' : "";
  return `<path class="edge${isDashed ? " measure" : ""}" d="${lineThrough(points)}"${head}/>`;
}

const cornerRadius = 9;

/** Straight from point to point, the corners rounded. */
function lineThrough(points: readonly Point[]): string {
  return points
    .map((point, index) => {
      const before = points[index - 1];
      const behind = points[index + 1];
      if (!before) return `M${pair(point)}`;
      if (!behind) return `L${pair(point)}`;
      const room = Math.min(distance(before, point), distance(point, behind)) / 2;
      const radius = Math.min(cornerRadius, room);
      const [from, to] = [towards(point, before, radius), towards(point, behind, radius)];
      return `L${pair(from)} Q${pair(point)} ${pair(to)}`;
    })
    .join(" ");
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function towards(from: Point, to: Point, length: number): Point {
  const whole = distance(from, to);
  const share = whole === 0 ? 0 : length / whole;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

function pair({ x, y }: Point): string {
  return `${number(x)} ${number(y)}`;
}

function rectangle({ x, y, width, height }: Rectangle): string {
  return ` x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}"`;
}

/** For whoever looks a step up in the file. */
function pathsText(paths: readonly string[]): string {
  const named = paths.filter((path) => path !== "");
  return named.length === 0 ? "" : ` data-paths="${escaped(named.join(" "))}"`;
}

function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** Text as XML; characters that XML does not know are left out. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")
    .replaceAll(/[&<>"]/g, (character) => entities[character] ?? "");
}
