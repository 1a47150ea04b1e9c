import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Program } from "../../../compiler/ir/index.ts";
import { openBackend } from "../../../runtime/backends/index.ts";
import { channelScales } from "../../../runtime/equalize/channel-scales.ts";
import { findSeams } from "../../../runtime/equalize/find-seams.ts";
import { equalize } from "../../../runtime/equalize/index.ts";
import { Random } from "../../../runtime/random.ts";
import type { HostTensor } from "../../../runtime/safetensors.ts";
import { compileModel } from "../../import/compile-model.ts";
import { distance, magnitude } from "../../support/largest-difference.ts";
import { runGraph } from "../../support/run-program.ts";

const blocks = `
block Dense(k: odd = 3, groups: int = 1, stride: int = 1) => conv(k, groups: groups, stride: stride, bias: true) {
  branch only = conv(k)
}
block Bent(k: odd = 3) => conv(k, bias: true) { branch only = conv(k) then prelu }
block Cut(k: odd = 3, groups: int = 1, stride: int = 1) => conv(k, groups: groups, stride: stride, bias: true) {
  branch only = conv(k)
  then relu
}
`;

/** Bodies of a model of 8x8 images of 3 channels, and the kernels behind which a seam is. */
const nets: readonly (readonly [name: string, body: string, seams: readonly string[]])[] = [
  ["a chain", "Cut(4) -> Bent(6) -> Dense(2)", ["body.0.kernel", "body.1.kernel"]],
  [
    "depthwise and grouped convolutions",
    "Cut(6, k: 1) -> Cut(6, groups: 6, stride: 2) -> Cut(4, k: 1) -> Dense(6, groups: 2)",
    ["body.0.kernel", "body.1.kernel", "body.2.kernel"],
  ],
  ["pooling", "Cut(4) -> max_pool(2x2, stride: 2) -> Dense(3)", ["body.0.kernel"]],
  ["a dense layer behind a mean", "Cut(4) -> global_avg -> dense(3)", ["body.0.kernel"]],
  ["no convolution behind", "Cut(4)", []],
];

const compileNet = (body: string): Program => {
  const text = `${blocks}\nmodel Net {\n  input image: image[8, 8, 3]\n  body = image -> ${body}\n  output body\n}`;
  return compileModel("net.repq", "Net", { text }).program;
};

/** Weights whose channels differ by up to a thousand times. */
function drawWeights({ deployed }: Program, seed: number): Map<string, HostTensor> {
  const random = Random.fromSeed(seed);
  const draw = ({ path, shape }: Program["deployed"][number]): [string, HostTensor] => {
    const count = shape.reduce((product, side) => product * side, 1);
    const out = shape.at(-1) ?? 1;
    const scales = Array.from({ length: out }, () => 10 ** random.normal(0, 0.7));
    const data = Float32Array.from(
      { length: count },
      (_, index) => random.normal(0, 1) * scales[index % out]!,
    );
    return [path, { shape, data }];
  };
  return new Map(deployed.map(draw));
}

async function* inputs(seed: number, batches = 2) {
  const random = Random.fromSeed(seed);
  const inputShape = [8, 8, 3] as const;
  for (let number = 0; number < batches; number++) {
    yield {
      inputs: Float32Array.from({ length: 384 }, () => random.normal(0, 1)),
      inputShape,
      count: 2,
    };
  }
}

async function outputOf({ deploy }: Program, weights: ReadonlyMap<string, HostTensor>) {
  const found = [];
  for await (const { inputs: data, inputShape, count } of inputs(9)) {
    const shape = [count, ...inputShape];
    found.push((await runGraph(deploy, "eval", weights, { shape, data })).outputs.get("output")!);
  }
  return found;
}

const isLimited = ({
  scales,
}: {
  readonly scales: { readonly least: number; readonly most: number };
}) => scales.least === 1 / 32 || scales.most === 32;

beforeAll(async () => void (await openBackend("cpu")));

describe.each(nets)("%s", (_, body, seams) => {
  const program = compileNet(body);

  it("has its seams", () => {
    expect(findSeams(program.deploy).map(({ writers }) => writers[0])).toEqual(seams);
  });

  it("computes the same once equalized, and is then equal", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const weights = drawWeights(program, seed);
        const equalized = await equalize(program.deploy, weights, inputs(seed));
        const [before, after] = [
          await outputOf(program, weights),
          await outputOf(program, equalized.weights),
        ];
        before.forEach(({ data }, n) => {
          expect(distance(after[n]!.data, data)).toBeLessThan(1e-5 * magnitude(data));
        });
        expect(equalized.seams.map(({ kernel }) => kernel)).toEqual(seams);
        // One alone has nothing left to do; neighbours change each other's weights.
        const [only, ...others] = equalized.seams;
        if (!only || others.length > 0 || isLimited(only)) return;
        const again = await equalize(program.deploy, equalized.weights, inputs(seed));
        const { least, most } = again.seams[0]!.scales;
        expect([least, most].map((scale) => Math.abs(scale - 1) < 1e-4)).toEqual([true, true]);
      }),
      { numRuns: 8 },
    );
  });
});

it("leaves what a sum reads as it is", () => {
  const text = `${blocks}\nmodel Net {\n  input image: image[8, 8, 3]\n  a = image -> Cut(3)\n  b = a -> Cut(3) -> Dense(3)\n  output a + b\n}`;
  const { program } = compileModel("net.repq", "Net", { text });
  expect(findSeams(program.deploy).map(({ writers }) => writers[0])).toEqual(["b.0.kernel"]);
});

it("scales by the root of range over weight, with a geometric mean of 1", () => {
  const scales = channelScales([4, 1, 16], [1, 1, 4]);
  [4, 1, 4].forEach((square, n) => expect((scales[n]! / scales[1]!) ** 2).toBeCloseTo(square, 12));
  expect(scales.reduce((product, scale) => product * scale, 1)).toBeCloseTo(1, 12);
});

it("scales by no more than 32 times", () => {
  expect(channelScales([1, 1, 1, 1e-12], [1, 1, 1, 1])[3]).toBe(1 / 32);
});

it("leaves channels alone that are always 0 or that nobody reads", () => {
  expect(channelScales([0, 2, 2], [1, 0, 1])).toEqual([1, 1, 1]);
  expect(channelScales([0], [0])).toEqual([1]);
});
