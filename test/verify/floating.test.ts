import { beforeAll, describe, expect, it } from "vitest";
import { openBackend } from "../../runtime/backends/index.ts";
import { withoutQuantizers } from "../../runtime/without-quantizers.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import { runGraph } from "../../runtime/verify/engines/run-graph.ts";
import { countRoundings } from "../../runtime/verify/floating/count-roundings.ts";
import { withTermSizes } from "../../runtime/verify/floating/with-term-sizes.ts";
import { engines, verifyDeployment, type Engine } from "../../runtime/verify/index.ts";
import { DeployDraft } from "../runtime/integer/deploy-draft.ts";
import { plainLayer, type Layer } from "../runtime/integer/random-choice.ts";
import { randomProgram } from "../runtime/integer/random-program.ts";

beforeAll(async () => void (await openBackend("cpu")));

const layers: readonly Layer[] = [
  { ...plainLayer, widen: 2 },
  { ...plainLayer, kind: "residual" },
  { ...plainLayer, kind: "prelu" },
  { ...plainLayer, kind: "difference" },
  { ...plainLayer, kind: "affine" },
  { ...plainLayer, kind: "depth_to_space" },
  { ...plainLayer, kind: "concat" },
  { ...plainLayer, kind: "negate" },
];

/** A random network in floating point. */
function floatNetwork(seed: number, hasHead: boolean, some = layers) {
  const widths = { inputBits: 8, kernelBits: 8, isDyadic: false, isSigned: false };
  const { program, weights, input } = randomProgram({ seed, ...widths, hasHead, layers: some }, 2);
  return { program: withoutQuantizers(program), weights, input };
}

describe("the terms of outputs", () => {
  it("are at least as large as these, and exactly Σ|x|·|k| + |b| of a convolution", async () => {
    for (const hasHead of [false, true]) {
      const { program, weights, input } = floatNetwork(7, hasHead);
      const sized = withTermSizes(program.deploy, weights);
      const results = await runGraph(sized.graph, sized.weights, input);
      const [output, terms] = [results.get("output")!, results.get("terms")!];
      expect(terms.shape).toEqual(output.shape);
      const short = output.data.filter((value, i) => Math.abs(value) > 1.00001 * terms.data[i]!);
      expect([...short]).toEqual([]);
    }
    const draft = new DeployDraft();
    const x = draft.add("input", [], { kind: "features", shape: [3] });
    const type = { kind: "kernel", shape: [1, 1, 3, 1], groups: 1 };
    const kernel = draft.weight("kernel", "kernel", type, Float32Array.of(1, -2, 3));
    const bias = draft.weight(
      "bias",
      "bias",
      { kind: "vector", shape: [1] },
      Float32Array.of(-0.5),
    );
    const attributes = { stride: 1, pads: [0, 0, 0, 0], groups: 1 };
    const { deploy } = draft.program(draft.add("conv", [x, kernel, bias], attributes));
    const sized = withTermSizes(deploy, draft.weights);
    const input = { shape: [1, 3], data: Float32Array.of(-1, 1, 1) };
    const results = await runGraph(sized.graph, sized.weights, input);
    expect([...results.get("output")!.data]).toEqual([-0.5]);
    expect([...results.get("terms")!.data]).toEqual([6.5]);
  });
});

describe("the count of roundings", () => {
  it("adds what lies one after another, and takes the longer of two ways", () => {
    const conv = (more: readonly Layer[]) => {
      const { program } = floatNetwork(1, false, [{ ...plainLayer, isRectified: false }, ...more]);
      return countRoundings(program.deploy);
    };
    expect(conv([])).toBe(36); // 3x3 taps of 4 channels, the bias among them
    expect(conv([{ ...plainLayer, kind: "negate" }])).toBe(37);
    expect(conv([{ ...plainLayer, kind: "residual", isRectified: false }])).toBe(73);
  });
});

describe("a verdict in floating point", () => {
  it("accepts engines that round differently, at every level of onnxruntime", async () => {
    for (const hasHead of [false, true]) {
      const { program, weights, input } = floatNetwork(11, hasHead);
      const verification = await verifyDeployment({ program, deployed: weights }, input, {
        engines,
      });
      expect(verification.isVerified).toBe(true);
      expect(verification.rows.map(({ name, found }) => `${name}: ${found.kind}`)).toEqual([
        "training graph: missing",
        "integers: missing",
        "onnxruntime, disabled: tolerance",
        "onnxruntime, basic: tolerance",
        "onnxruntime, extended: tolerance",
        "onnxruntime, all: tolerance",
        "tfjs GraphModel: tolerance",
      ]);
    }
  });

  it("finds an engine whose kernel is off by a hundredth, and one that is NaN", async () => {
    const { program, weights, input } = floatNetwork(11, false);
    const path = [...weights.keys()].find((name) => name.endsWith(".kernel"))!;
    const kernel = weights.get(path)!;
    const wrong = new Map<string, HostTensor>(weights).set(path, {
      ...kernel,
      data: kernel.data.map((tap) => 1.01 * tap),
    });
    const engine = (
      found: ReadonlyMap<string, HostTensor>,
      spoil: (data: Float32Array) => void = () => {},
    ): Engine => ({
      name: "other",
      missing: async () => undefined,
      run: async (deployment, x) => {
        const output = (await runGraph(deployment.program.deploy, found, x)).get("output")!;
        spoil(output.data);
        return output;
      },
    });
    const judge = async (other: Engine) => {
      const options = { engines: [other] };
      const { rows, isVerified } = await verifyDeployment(
        { program, deployed: weights },
        input,
        options,
      );
      const { found } = rows[0]!;
      if (found.kind !== "tolerance") throw new Error(`a verdict of kind ${found.kind}`);
      return { found, isVerified };
    };
    const off = await judge(engine(wrong));
    expect(off.isVerified).toBe(false);
    expect(off.found.beyond).toBeGreaterThan(100);
    expect(off.found.differences[0]!.size).toBeGreaterThan(off.found.tolerance);
    const dead = await judge(engine(weights, (data) => void (data[3] = NaN)));
    expect(dead).toMatchObject({ isVerified: false, found: { beyond: 1, largest: Infinity } });
    const same = await judge(engine(weights));
    expect(same).toMatchObject({ isVerified: true, found: { beyond: 0, differing: 0 } });
  });
});
