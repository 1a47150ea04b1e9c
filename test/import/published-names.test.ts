/** Holds whole models against the names and shapes of the authors' constructors, written down here once more from their public code. */
import { describe, expect, it } from "vitest";
import { importWeights, UnfitCheckpoint } from "../../runtime/import/index.ts";
import { Random } from "../../runtime/random.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import { cases } from "../differential/cases.ts";
import { readNames, readState, toChannelsLast } from "../support/torch-weights.ts";
import { specHost } from "../support/spec-host.ts";
import { hasVectors, readVectors } from "../support/vectors.ts";
import { compileModel } from "./compile-model.ts";
import { checkpointOf, tensor } from "./fake-checkpoint.ts";
import { libraryNames } from "./library-names.ts";

type Named = [string, HostTensor][];

const random = Random.fromSeed(1);
const draw = () => random.uniform(0, 1);

function batchNorm(prefix: string, channels: number): Named {
  const names = ["weight", "bias", "running_mean", "running_var"];
  const numbers = names.map((name): Named[number] => [
    `${prefix}.${name}`,
    tensor([channels], draw),
  ]);
  return [...numbers, [`${prefix}.num_batches_tracked`, tensor([], draw)]];
}

function convAndNorm(prefix: string, shape: readonly number[]): Named {
  return [[`${prefix}.conv.weight`, tensor(shape, draw)], ...batchNorm(`${prefix}.bn`, shape[0]!)];
}

function linear(inputs: number, outputs: number): Named {
  return [
    ["linear.weight", tensor([outputs, inputs], draw)],
    ["linear.bias", tensor([outputs], draw)],
  ];
}

interface Conv {
  readonly prefix: string;
  readonly in: number;
  readonly out: number;
  readonly k: number;
  readonly groups: number;
  readonly stride: number;
}

function merged(name: string, { prefix, in: from, out, k, groups }: Conv): Named {
  return [
    [`${prefix}.${name}.weight`, tensor([out, from / groups, k, k], draw)],
    [`${prefix}.${name}.bias`, tensor([out], draw)],
  ];
}

function repVgg(widths: readonly number[], counts: readonly number[]): readonly Conv[] {
  let from = 3;
  const block = (prefix: string, out: number, stride: number): Conv => {
    const made = { prefix, in: from, out, stride, k: 3, groups: 1 };
    from = out;
    return made;
  };
  const stem = block("stage0", Math.min(64, widths[0]!), 2);
  const stages = widths.flatMap((width, stage) =>
    Array.from({ length: counts[stage]! }, (_, index) =>
      block(`stage${stage + 1}.${index}`, width, index === 0 ? 2 : 1),
    ),
  );
  return [stem, ...stages];
}

function repVggBranches({ prefix, in: from, out, stride }: Conv): Named {
  return [
    ...convAndNorm(`${prefix}.rbr_dense`, [out, from, 3, 3]),
    ...convAndNorm(`${prefix}.rbr_1x1`, [out, from, 1, 1]),
    ...(from === out && stride === 1 ? batchNorm(`${prefix}.rbr_identity`, out) : []),
  ];
}

function mobileOne(): readonly Conv[] {
  const convs: Conv[] = [{ prefix: "stage0", in: 3, out: 48, k: 3, groups: 1, stride: 2 }];
  let from = 48;
  for (const [stage, [width, count]] of [
    [48, 2],
    [128, 8],
    [256, 10],
    [1024, 1],
  ].entries()) {
    for (let index = 0; index < count!; index++) {
      const at = (place: number) => `stage${stage + 1}.${2 * index + place}`;
      const stride = index === 0 ? 2 : 1;
      convs.push({ prefix: at(0), in: from, out: from, k: 3, groups: from, stride });
      convs.push({ prefix: at(1), in: from, out: width!, k: 1, groups: 1, stride: 1 });
      from = width!;
    }
  }
  return convs;
}

function mobileOneBranches({ prefix, in: from, out, k, groups, stride }: Conv): Named {
  const copies = Array.from({ length: prefix === "stage0" ? 1 : 4 }, (_, copy) =>
    convAndNorm(`${prefix}.rbr_conv.${copy}`, [out, from / groups, k, k]),
  );
  return [
    ...(from === out && stride === 1 ? batchNorm(`${prefix}.rbr_skip`, out) : []),
    ...copies.flat(),
    ...(k > 1 ? convAndNorm(`${prefix}.rbr_scale`, [out, from / groups, 1, 1]) : []),
  ];
}

const models = [
  {
    name: "RepVGG_A0",
    file: "models/repvgg",
    convs: repVgg([48, 96, 192, 1280], [2, 4, 14, 1]),
    branches: repVggBranches,
    head: linear(1280, 1000),
    mergedName: "rbr_reparam",
  },
  {
    name: "MobileOne_S0",
    file: "models/mobileone",
    convs: mobileOne(),
    branches: mobileOneBranches,
    head: linear(1024, 1000),
    mergedName: "reparam_conv",
  },
] as const;

describe.each(models)("$name", ({ name, file, convs, branches, head, mergedName }) => {
  const { program, model } = compileModel(`${file}.repq`, name);
  const tables = libraryNames(file);
  const request = { program, model, tables, file: "a.pth" };

  it("is imported as it trains, every name accounted for", async () => {
    const named = [...convs.flatMap(branches), ...head];
    const imported = await importWeights({ ...request, checkpoint: checkpointOf(named) });
    expect([...imported.weights.keys()]).toEqual(program.weights.map(({ path }) => path));
    const numbers = (tensors: Iterable<HostTensor>) =>
      [...tensors].reduce((sum, { data }) => sum + data.length, 0);
    expect(numbers(imported.weights.values())).toBe(
      numbers(named.map(([, one]) => one)) - imported.constants.length,
    );
    expect(imported.constants.every((one) => one.endsWith("num_batches_tracked"))).toBe(true);
  });

  it("is imported merged, into one convolution a block", async () => {
    const named = [...convs.flatMap((conv) => merged(mergedName, conv)), ...head];
    const plain = compileModel(`${file}.repq`, name, {
      policy: "Plain",
      text: `${specText(file)}\nquant Plain { weights: lsq(bits: 8, per: channel)\n on: after_merge }`,
    });
    const checkpoint = checkpointOf(named);
    const imported = await importWeights({ ...request, ...plain, checkpoint });
    expect(imported.taken).toBe(named.length);
    expect(imported.weights.size).toBe(named.length);
    await expect(importWeights({ ...request, checkpoint })).rejects.toThrow(/holds merged weights/);
  });

  it("says of another model's checkpoint what does not fit", async () => {
    const named = convs.slice(0, -1).flatMap(branches);
    const refused = importWeights({ ...request, checkpoint: checkpointOf(named) });
    await expect(refused).rejects.toBeInstanceOf(UnfitCheckpoint);
    const { problems } = (await refused.catch(
      (error: UnfitCheckpoint) => error as UnfitCheckpoint,
    )) as UnfitCheckpoint;
    expect(problems.every(({ kind }) => kind === "missing")).toBe(true);
    const missing = problems.map((one) => (one.kind === "missing" ? one.path : ""));
    expect(missing).toContain("output.1.kernel");
  });
});

function specText(file: string): string {
  return specHost.read(`${file}.repq`) ?? "";
}

describe.skipIf(!hasVectors).each(cases.map((one) => [one.file, one] as const))(
  "the authors' state of %s",
  (_, { file, block, entry }) => {
    it("is imported as the tests of published code read it", async () => {
      const vectors = readVectors(`${file}.safetensors`);
      const shape = toChannelsLast(vectors.tensors.get("input")!).shape.slice(1);
      const compiled = compileModel(`blocks/${block}.repq`, entry, { shape });
      const state = [...vectors.tensors]
        .filter(([name]) => name.startsWith("state."))
        .map(([name, one]) => [name.slice("state.".length), one] as const);
      const tables = libraryNames(`blocks/${block}`);
      const checkpoint = checkpointOf(state);
      const { weights } = await importWeights({ ...compiled, tables, checkpoint, file });
      const expected = readState(vectors, readNames(block));
      expect(weights.size).toBe(expected.size);
      for (const [path, { shape: own, data }] of expected)
        expect(weights.get(path), path).toEqual({ shape: own, data });
    });
  },
);
