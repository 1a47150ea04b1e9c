/** Holds whole models against the names and shapes of the authors' constructors. */
import { describe, expect, it } from "vitest";
import { importWeights, UnfitCheckpoint } from "../../runtime/import/index.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import { cases } from "../differential/cases.ts";
import { readNames, readState, toChannelsLast } from "../support/torch-weights.ts";
import { specHost } from "../support/spec-host.ts";
import { hasVectors, readVectors } from "../support/vectors.ts";
import { compileModel } from "./compile-model.ts";
import { checkpointOf } from "./fake-checkpoint.ts";
import { libraryNames } from "./library-names.ts";
import { publishedModels, type PublishedModel } from "./published-models.ts";

/** What a spec has as a constant, and counters. */
const isConstant = /(^|\.)(num_batches_tracked|id_tensor|weight_orepa_(avg_avg|prior))$/;

function requestOf({ name, file }: PublishedModel) {
  const { program, model } = compileModel(`${file}.repq`, name);
  return { program, model, tables: libraryNames(file), file: "a.pth" };
}

describe.each(publishedModels)("$name of $of", (published) => {
  const { of, convs, branches, head } = published;
  const request = requestOf(published);
  const { program } = request;

  it("is imported as it trains, every name accounted for", async () => {
    const named = [...convs.flatMap(branches), ...head];
    const imported = await importWeights({ ...request, checkpoint: checkpointOf(named) });
    expect([...imported.weights.keys()]).toEqual(program.weights.map(({ path }) => path));
    const numbers = (tensors: Iterable<HostTensor>) =>
      [...tensors].reduce((sum, { data }) => sum + data.length, 0);
    expect(numbers(imported.weights.values())).toBe(
      numbers(named.filter(([one]) => !isConstant.test(one)).map(([, one]) => one)),
    );
    expect(imported.of).toContain(of);
    expect(imported.constants.filter((one) => !isConstant.test(one))).toEqual([]);
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

const mergedModels = publishedModels.flatMap(({ merged, ...model }) =>
  merged ? [{ ...model, merged }] : [],
);

describe.each(mergedModels)("$name of $of", (published) => {
  const { name, file, convs, head, merged } = published;
  const request = requestOf(published);

  it("is imported merged, into one convolution a block", async () => {
    const named = [...convs.flatMap(merged), ...head];
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
