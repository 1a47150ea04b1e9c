import fc from "fast-check";

/** Texts of models named Random: blocks, activations and sums of what came before, on maps of one size. */
export function randomNetworks(most: number): fc.Arbitrary<string> {
  const step = fc.record({
    kind: fc.constantFrom("flow", "flow", "flow", "sum", "sum"),
    left: fc.nat({ max: 3 }),
    right: fc.nat({ max: 8 }),
    chain: fc.constantFrom(
      "ACNet(8)",
      "ACNet(8, act: none)",
      "relu",
      "ACNet(8) * 3",
      "ACNet(8) -> ACNet(8, act: none)",
      "ACNet(8, k: 1) -> relu -> ACNet(8, k: 1) -> relu -> ACNet(8, k: 1)",
    ),
  });
  return fc.array(step, { minLength: 1, maxLength: most }).map((steps) => {
    const lines = steps.map(({ kind, left, right, chain }, index) => {
      const name = (back: number) => `v${Math.max(0, index - back)}`;
      const source = kind === "flow" ? name(left) : `(${name(left)} + ${name(right)})`;
      return `  v${index + 1} = ${source}${kind === "flow" ? ` -> ${chain}` : ""}`;
    });
    const last = `v${steps.length}`;
    return [
      "model Random {",
      "  input v0: image[8, 8, 8]",
      ...lines,
      `  output ${last} -> relu`,
      "}",
    ].join("\n");
  });
}
