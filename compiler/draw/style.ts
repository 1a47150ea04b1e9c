import type { Role, TextStyle } from "./shapes.ts";

export const fontFamily = "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif";

/** Fills are light, so that texts stand out; kinds also differ in their lines, so that they do without colours. */
export const roleStyles: Readonly<Record<Role, string>> = {
  kernel: "fill:#d9e6f5;stroke:#3a6ea5",
  channel: "fill:#fdf5e1;stroke:#a9781f",
  fixed: "fill:#f5f5f4;stroke:#7c7c78;stroke-dasharray:4 2.5",
  barrier: "fill:#ffffff;stroke:#3d444d",
  merged: "fill:#e0d6f0;stroke:#5e3d9e;stroke-width:1.5",
  sum: "fill:#ffffff;stroke:#3d444d",
  bar: "fill:#eef0f2;stroke:#3d444d",
  block: "fill:#eceff3;stroke:#4a5666",
  tag: "fill:#ffffff;stroke:#4a5666",
};

/** Corners; the more round, the less it computes. */
export const roundings: Readonly<Record<Role, number>> = {
  kernel: 5,
  channel: 5,
  fixed: 5,
  barrier: 14,
  merged: 5,
  sum: 10,
  bar: 3,
  block: 5,
  tag: 10,
};

export const textStyles: Readonly<Record<TextStyle, string>> = {
  title: "font-size:17px;font-weight:bold;fill:#1b1f24",
  heading: "font-size:13px;font-weight:bold;fill:#1b1f24",
  name: "font-size:13px;fill:#1b1f24",
  note: "font-size:11px;fill:#4b535d",
  badge: "font-size:11px;font-weight:bold;fill:#ffffff",
  letter: "font-size:11px;font-weight:bold;fill:#1b1f24",
};

/** What is not a box or a text. */
export const lineStyles = {
  page: "fill:#ffffff",
  badge: "fill:#1d5f53;stroke:none",
  panel: "fill:#ffffff;stroke:#ccd2d9;stroke-width:1",
  repeat: "fill:none;stroke:#7c8590;stroke-width:1.25;stroke-dasharray:5 4",
  edge: "fill:none;stroke:#3d444d;stroke-width:1.25;stroke-linejoin:round",
  measure: "stroke:#7c8590;stroke-dasharray:4 3",
  head: "fill:#3d444d;stroke:#3d444d;stroke-width:1;stroke-linejoin:round",
  dot: "fill:#3d444d;stroke:none",
  box: "stroke-width:1.25",
  plus: "fill:#2d5a8c",
  minus: "fill:#ffffff;stroke:#b4581a;stroke-width:0.8",
  zero: "fill:#d5dade",
} as const;
