import { textWidth } from "../../compiler/draw/text-width.ts";
import { svgFile, type Chart } from "../../cli/report/charts/chart.ts";
import { elementsOf, parseXml, type Element } from "../draw/xml.ts";

/** A chart as a parsed file. */
export function parsed(chart: Chart): Element {
  return parseXml(svgFile(chart).trim());
}

export function textsOf(chart: Chart): readonly string[] {
  return elementsOf(parsed(chart), "text").map(({ children }) => String(children[0] ?? ""));
}

export function number(element: Element, name: string): number {
  return Number(element.attributes.get(name));
}

export function ofClass(chart: Chart, name: string, style: string): readonly Element[] {
  return elementsOf(parsed(chart), name).filter(
    ({ attributes }) => attributes.get("class") === style,
  );
}

/** Texts that reach beyond the chart's edges. */
export function textsOutside(chart: Chart): readonly string[] {
  return elementsOf(parsed(chart), "text").flatMap((element) => {
    const text = String(element.children[0] ?? "");
    const style = element.attributes.get("class");
    // The estimate is for the widest of the fonts that may stand in: a tenth more than most.
    const width = textWidth(text, 11, style === "heading") / 1.1;
    const anchor = element.attributes.get("text-anchor");
    const x = number(element, "x");
    const left = anchor === "end" ? x - width : anchor === "middle" ? x - width / 2 : x;
    const y = number(element, "y");
    const isInside = left >= -1 && left + width <= chart.width + 1 && y >= 8 && y <= chart.height;
    return isInside ? [] : [text];
  });
}

/** Numbers of all paths, in pairs as far as moves and lines go, must lie inside. */
export function hasOnlyFiniteNumbers(chart: Chart): boolean {
  return !/NaN|Infinity|undefined/.test(svgFile(chart));
}
