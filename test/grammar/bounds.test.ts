import { describe, expect, it } from "vitest";
import { PROBLEM_LIMIT } from "../../grammar/expected-tokens.ts";
import { DEPTH_LIMIT, LENGTH_LIMIT, parse, print } from "../../grammar/index.ts";

function codes(text: string): string[] {
  return parse({ path: "", text }).problems.map(({ code }) => code);
}

const HUGE = 20_000;

describe("bounds on work (S15)", () => {
  it.each([
    ["parentheses of expressions", `recipe R { a: ${"(".repeat(HUGE)} }`],
    ["closed parentheses", `recipe R { a: ${"(".repeat(HUGE)}1${")".repeat(HUGE)} }`],
    ["calls", `recipe R { a: ${"f(".repeat(HUGE)} }`],
    ["lists", `kernel K = ${"[".repeat(HUGE)}`],
    ["groups", `block A => conv { branch a = ${"(".repeat(HUGE)}b -> c${")".repeat(HUGE)} }`],
    ["flows", `model M { a = ${"(".repeat(HUGE)}b${")".repeat(HUGE)} }`],
    ["sums", `recipe R { a: 1${" + 1".repeat(HUGE)} }`],
    ["conditions", `block A => conv { require a${" and a or a".repeat(HUGE)} }`],
    ["sums in steps", `model M { a = b -> ${"(f(1".repeat(30)}${" + 1) -> c)".repeat(30)} }`],
    ["sums in sums", `recipe R { a: ${"(".repeat(30)}1${" + 1 + 1)".repeat(30)} }`],
  ])("ends %s that nest too deep in a clear problem", (_, text) => {
    expect(codes(text)).toEqual(["syntax/too-deep"]);
  });

  it("reads and prints everything up to the limit", () => {
    const depth = DEPTH_LIMIT - 5;
    const texts = [
      `recipe R { a: ${"(".repeat(depth)}1${")".repeat(depth)} }`,
      `recipe R { a: ${"f(".repeat(depth)}1${")".repeat(depth)} }`,
      `block A => conv { branch a = ${"(".repeat(depth)}b -> c${")".repeat(depth)} }`,
      `recipe R { a: 1${" + 1".repeat(depth)} b: 1${" + 1".repeat(depth)} }`,
    ];
    for (const text of texts) {
      const { file, problems } = parse({ path: "", text });
      expect(problems).toEqual([]);
      expect(codes(print(file))).toEqual([]);
    }
  });

  it("does not count what stands side by side", () => {
    const branches = Array.from({ length: 300 }, (_, at) => `branch b${at} = conv * (1 + 2) -> bn`);
    expect(codes(`block A => conv { ${branches.join("\n")} }`)).toEqual([]);
    expect(codes(`kernel K = [${"1 + 2, ".repeat(1000)}]`)).toEqual([]);
    expect(codes(`model M { a = b${" -> f".repeat(1000)} }`)).toEqual([]);
    expect(codes(`model M { a = b${" -> f * 2".repeat(1000)} }`)).toEqual([]);
    expect(codes(`block A => conv { branch a = (${"b * 2 -> ".repeat(1000)} c + d) }`)).toEqual([]);
    expect(codes("recipe R { a: 1 + 2 }\n".repeat(300))).toEqual([]);
  });

  it("does not read a text that is too long", () => {
    const { file, problems } = parse({ path: "", text: " ".repeat(LENGTH_LIMIT + 1) });
    expect(problems.map(({ code }) => code)).toEqual(["syntax/too-long"]);
    expect(file.declarations).toEqual([]);
    expect(codes(" ".repeat(LENGTH_LIMIT))).toEqual([]);
  });

  it.each(["block\n", "block A => conv { brunch }\n", "recipe R { a: }\n", "@ x\n"])(
    "gives up after a hundred problems, and says so: %j",
    (line) => {
      const told = codes(line.repeat(5_000));
      expect(told.length).toBeLessThanOrEqual(2 * PROBLEM_LIMIT + 1);
      expect(told.filter((code) => code === "syntax/too-many")).toHaveLength(1);
    },
  );

  it("tells a run of strange tokens once", () => {
    expect(codes("}\n".repeat(5_000))).toEqual(["syntax/unmatched"]);
    expect(codes("x\n".repeat(5_000))).toEqual(["syntax/unknown-declaration"]);
  });
});
