import { test } from "vitest";
import { createHost } from "/work/main/cli/host.ts";
import { compile } from "/work/main/compiler/compile.ts";
import { printGraph } from "/work/main/compiler/ir/index.ts";
import { makePlan } from "/work/main/runtime/interpreter/index.ts";
test("x", () => {
  const { host, entry } = createHost({ folder: "/work/main", entry: "specs/models/fashion.repq" });
  for (const [e, shape, policy, form] of [["RepVGG(16)", [8, 8, 16], "W4A4", "folded"], ["RepVGG(16)", [8, 8, 16], undefined, "branches"],["Fashion", undefined, "W4A4", "folded"]] as const) {
    const c = compile({ file: entry, entry: e, ...(shape && { shape }), ...(policy && { policy }), form }, host);
    console.log(c.diagnostics);
    const p = c.program!;
    console.log(e, policy, form);
    for (const g of ["train", "merge", "deploy"] as const) console.log(g + "\n" + printGraph(p[g]));
    for (const m of ["train", "eval"] as const) for (const call of makePlan(p.train, m).calls) console.log(m, call.primitive, JSON.stringify(call.arguments), JSON.stringify(call.results), call.label);
    console.log(JSON.stringify(p.weights), JSON.stringify(p.deployed));
  }
});
