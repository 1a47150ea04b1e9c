import type { Cost, FormCosts, ModelCost } from "../compiler/ir/index.ts";
import { bytesInUnits, inUnits } from "../compiler/ir/index.ts";
import { renderTable } from "./table.ts";

const forms = ["branches", "merged", "deployed"] as const;

/** What a whole model costs: one line for each form. */
export function costSummary({ total }: ModelCost): string {
  const rows = forms.map((form) => {
    const { multiplyAccumulates, parameters, bytes } = total[form];
    return [form, inUnits(multiplyAccumulates), inUnits(parameters), bytesInUnits(bytes)];
  });
  return `${renderTable(["", "multiply-accumulates", "parameters", "weights"], rows)}\n`;
}

/** Columns that share a title; what is deployed multiplies as often, and trains as many parameters, as what is merged. */
const groups: readonly {
  readonly title: string;
  readonly forms: readonly (keyof FormCosts)[];
  cell(cost: Cost): string;
}[] = [
  {
    title: "multiply-accumulates",
    forms: ["branches", "merged"],
    cell: ({ multiplyAccumulates }) => inUnits(multiplyAccumulates),
  },
  {
    title: "parameters",
    forms: ["branches", "merged"],
    cell: ({ parameters }) => inUnits(parameters),
  },
  { title: "weights", forms, cell: ({ bytes }) => bytesInUnits(bytes) },
];

/** What every block costs in every form, and the total. */
export function costTable(entry: string, { nodes, total }: ModelCost): string {
  const names = nodes.map(({ path, label }) => (path === "" ? label : `${path} ${label}`));
  const first = Math.max(...[entry, "total", ...names].map((name) => name.length));
  const all = [total, ...nodes];
  const widths = groups.map((group) =>
    group.forms.map((form) =>
      Math.max(form.length, ...all.map((costs) => group.cell(costs[form]).length)),
    ),
  );
  const line = (name: string, cells: (group: (typeof groups)[number]) => readonly string[]) => {
    const parts = groups.map((group, index) =>
      cells(group)
        .map((cell, column) => cell.padStart(widths[index]?.[column] ?? 0))
        .join("  "),
    );
    return [name.padEnd(first), ...parts].join("    ").trimEnd();
  };
  const row = (name: string, costs: FormCosts) =>
    line(name, (group) => group.forms.map((form) => group.cell(costs[form])));
  const titles = groups.map(({ title }, index) => title.padStart(groupWidth(widths[index] ?? [])));
  const head = [entry.padEnd(first), ...titles].join("    ").trimEnd();
  const columns = line("", (group) => group.forms);
  const body = nodes.map((node, index) => row(names[index] ?? "", node));
  const rule = "─".repeat(Math.max(...[head, columns, ...body].map((one) => one.length)));
  return `${[head, columns, rule, ...body, rule, row("total", total)].join("\n")}\n`;
}

function groupWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 2 * (widths.length - 1));
}
