import { beforeAll, describe, expect, it } from "vitest";
import { planCells } from "../../bench/verdicts/cell.ts";
import { compileSpec } from "../../bench/verdicts/compile-spec.ts";
import { withSteps } from "../../bench/verdicts/first-weights.ts";
import { keyOfSubject, runCells } from "../../bench/verdicts/run-cells.ts";
import { openStore } from "../../bench/verdicts/store.ts";
import type { Subject } from "../../bench/verdicts/subject.ts";
import { openBackend } from "../../runtime/backends/index.ts";
import { Random } from "../../runtime/random.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import { initialWeights } from "../../runtime/weights.ts";
import { memoryHost } from "../runtime/checkpoint-host.ts";

beforeAll(async () => void (await openBackend("cpu")));

const entry = { spec: "repq:blocks/ecb", entry: "ECB(3)", shape: [5, 4, 3] };

function noise(examples: number): HostTensor {
  const random = Random.fromSeed(examples);
  const data = Float32Array.from({ length: examples * 60 }, () => random.normal());
  return { shape: [examples, 5, 4, 3], data };
}

/** A block on two inputs; `opened` counts how often its weights are asked for. */
function small(opened: { count: number }): Subject {
  const policy = { call: "RepQ(4)", spec: "repq:quant/uniform" };
  const program = compileSpec({ ...entry, policy });
  const branches = compileSpec({ ...entry, form: "branches" });
  const inputs = [noise(9), noise(2)].map((input) => {
    return { program, branches, input, score: ({ data }: HostTensor) => data.length };
  });
  return {
    program,
    float: compileSpec(entry),
    origin: "noise",
    missing: async () => undefined,
    weights: async () => {
      opened.count++;
      return withSteps(program, initialWeights(program, 1), noise(4));
    },
    inputs: async () => inputs,
  };
}

function world(host = memoryHost(), signal = new AbortController().signal) {
  const opened = { count: 0 };
  const subject = small(opened);
  const told: string[] = [];
  return {
    opened,
    subject,
    told,
    store: openStore(host, "verdicts"),
    subjectOf: () => subject,
    place: { host, folder: "under-way", everySteps: 1, signal },
    tell: (line: string) => void told.push(line),
    progress: () => {},
    clock: () => 0,
  };
}

const [cell] = planCells(["Fashion"]);

describe("the cells of verdicts", () => {
  it("hold every engine against the training graph, and merging against the branches", async () => {
    const one = world();
    await runCells([cell!], one);
    const found = await one.store.find(cell!, keyOfSubject(one.subject));
    expect(found).toMatchObject({ isVerified: true, merging: { compared: 660, beyond: 0 } });
    expect(found!.sums.count).toBe(660);
    const names = found!.rows.map(({ engine }) => engine);
    expect(names.slice(0, 3)).toEqual(["training graph", "merged graph", "integers"]);
    expect(names).toContain("tfjs GraphModel");
    // Scored once for each input, whatever parts it was computed in: 540 and 120 numbers.
    for (const row of found!.rows) {
      expect(row).toMatchObject({ compared: 660, differing: 0, psnr: 330 });
    }
  });

  it("are run once, and left where the signal stops them", async () => {
    const host = memoryHost();
    const stopped = world(host, AbortSignal.abort());
    await runCells([cell!], stopped);
    expect(stopped.opened.count).toBe(0);
    const stop = new AbortController();
    const first = world(host, stop.signal);
    await runCells([cell!], { ...first, progress: () => stop.abort() });
    expect(first.told.join()).toContain("stopped; the same command goes on from here");
    const second = world(host);
    await runCells([cell!, cell!], second);
    expect(second.opened.count).toBe(1);
    const third = world(host);
    await runCells([cell!], third);
    expect(third.opened.count).toBe(0);
  });
});
