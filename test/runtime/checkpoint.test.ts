import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CorruptFile, FileProblem, ForeignFile, MissingFile } from "../../runtime/files.ts";
import { Random } from "../../runtime/random.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import {
  checkpointPath,
  loadCheckpoint,
  saveCheckpoint,
  type Checkpoint,
} from "../../runtime/train/checkpoint.ts";
import { Killed, memoryHost } from "./checkpoint-host.ts";

const folder = "run/checkpoints";
const program = "sha256-of-the-program";

function vector(...numbers: number[]): HostTensor {
  return { shape: [numbers.length], data: Float32Array.from(numbers) };
}

/** A checkpoint after `step` steps, different from those after other steps. */
function checkpointAt(step: number): Checkpoint {
  return {
    weights: new Map([
      ["s1.0.dense.0.kernel", { shape: [1, 1, 1, 2], data: Float32Array.of(step, 1 / 3) }],
      ["s1.0.act.step", { shape: [], data: Float32Array.of(0.1 * step) }],
    ]),
    optimizer: new Map([["s1.0.dense.0.kernel/momentum", vector(-step, 0)]]),
    state: {
      programHash: program,
      step,
      epoch: Math.floor(step / 10),
      nextBatch: step % 10,
      random: Random.fromSeed(step).state,
      metrics: { "train.loss": 1 / (step + 1), "test.accuracy": 0.5 },
      more: { schedule: ["warm-up", { until: 0.1 }], best: null },
    },
  };
}

async function problemOf(work: Promise<unknown>): Promise<FileProblem> {
  const outcome = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof FileProblem) return outcome;
  throw new Error(`A file problem was expected, not ${String(outcome)}.`);
}

describe("saving, then loading", () => {
  test("gives everything back, and leaves two files", async () => {
    const host = memoryHost();
    await saveCheckpoint(host, folder, "last", checkpointAt(12));
    expect(await loadCheckpoint(host, folder, "last", program)).toEqual(checkpointAt(12));
    const names = [...host.files.keys()].toSorted();
    expect(names[0]).toMatch(/^run\/checkpoints\/last-[0-9a-f]{16}\.safetensors$/);
    expect(names[1]).toBe("run/checkpoints/last.json");
    expect(names).toHaveLength(2);
  });

  test("the same checkpoint gives the same bytes, saved twice or elsewhere", async () => {
    const [one, two] = [memoryHost(), memoryHost()];
    await saveCheckpoint(one, folder, "last", checkpointAt(3));
    await saveCheckpoint(two, folder, "last", checkpointAt(3));
    await saveCheckpoint(two, folder, "last", checkpointAt(3));
    expect(two.files).toEqual(one.files);
  });

  test("a later save replaces the earlier one and leaves checkpoints of other names alone", async () => {
    const host = memoryHost();
    await saveCheckpoint(host, folder, "best", checkpointAt(1));
    await saveCheckpoint(host, folder, "best-ema", checkpointAt(2));
    await saveCheckpoint(host, folder, "best", checkpointAt(3));
    await saveCheckpoint(host, folder, "best", checkpointAt(4));
    expect(host.files.size).toBe(4);
    expect((await loadCheckpoint(host, folder, "best", program)).state.step).toBe(4);
    expect((await loadCheckpoint(host, folder, "best-ema", program)).state.step).toBe(2);
  });

  test("a metric that is not finite comes back as null; such a number elsewhere is our bug", async () => {
    const host = memoryHost();
    const { state, ...tensors } = checkpointAt(1);
    const diverged = { ...tensors, state: { ...state, metrics: { loss: NaN } } };
    await saveCheckpoint(host, folder, "last", diverged);
    const loaded = await loadCheckpoint(host, folder, "last", program);
    expect(loaded.state.metrics).toEqual({ loss: null });
    const broken = { ...tensors, state: { ...state, more: { best: [Infinity] } } };
    const save = saveCheckpoint(host, folder, "last", broken);
    await expect(save).rejects.toThrow("Infinity at state.state.more.best.0; this is a bug");
  });
});

describe("a process killed while saving", () => {
  test("after any step leaves the last completed save or the new one, whole", async () => {
    const whole = memoryHost();
    await saveCheckpoint(whole, folder, "last", checkpointAt(1));
    const firstSteps = whole.steps();
    await saveCheckpoint(whole, folder, "last", checkpointAt(2));
    const steps = whole.steps() - firstSteps;
    expect(steps).toBeGreaterThanOrEqual(8);
    const found: number[] = [];
    for (let allowed = 0; allowed <= steps; allowed++) {
      const files = new Map<string, Uint8Array>();
      await saveCheckpoint(memoryHost(files), folder, "last", checkpointAt(1));
      const save = saveCheckpoint(memoryHost(files, allowed), folder, "last", checkpointAt(2));
      if (allowed < steps) await expect(save).rejects.toThrow(Killed);
      else await save;
      const after = memoryHost(files);
      const { state } = await loadCheckpoint(after, folder, "last", program);
      expect(await loadCheckpoint(after, folder, "last", program)).toEqual(
        checkpointAt(state.step),
      );
      found.push(state.step);
      // The next save succeeds and clears away whatever was left.
      await saveCheckpoint(after, folder, "last", checkpointAt(3));
      expect(await loadCheckpoint(after, folder, "last", program)).toEqual(checkpointAt(3));
      expect(files.size).toBe(2);
    }
    // Nothing but the renaming of the JSON file, the sixth step, makes the save.
    expect(found).toEqual(found.map((_, allowed) => (allowed < 6 ? 1 : 2)));
  });

  test("in one of many saves leaves the save before it or that one", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(9), { minLength: 1, maxLength: 8 }), async (budgets) => {
        const files = new Map<string, Uint8Array>();
        let last = 0;
        await saveCheckpoint(memoryHost(files), folder, "last", checkpointAt(0));
        for (const [i, allowed] of budgets.entries()) {
          const host = memoryHost(files, allowed);
          await saveCheckpoint(host, folder, "last", checkpointAt(i + 1)).catch(
            (error: unknown) => {
              expect(error).toBeInstanceOf(Killed);
            },
          );
          const loaded = await loadCheckpoint(memoryHost(files), folder, "last", program);
          expect([last, i + 1]).toContain(loaded.state.step);
          last = loaded.state.step;
          expect(loaded).toEqual(checkpointAt(last));
        }
      }),
    );
  });

  test("during the very first save leaves no checkpoint, or the whole one", async () => {
    for (let allowed = 0; allowed < 8; allowed++) {
      const files = new Map<string, Uint8Array>();
      const save = saveCheckpoint(memoryHost(files, allowed), folder, "last", checkpointAt(1));
      await save.catch(() => undefined);
      const load = loadCheckpoint(memoryHost(files), folder, "last", program);
      if (allowed < 6) expect(await problemOf(load)).toBeInstanceOf(MissingFile);
      else expect((await load).state.step).toBe(1);
    }
  });

  test("a full disk is told, and the earlier checkpoint stays", async () => {
    const files = new Map<string, Uint8Array>();
    await saveCheckpoint(memoryHost(files), folder, "last", checkpointAt(1));
    const used = [...files.values()].reduce((sum, file) => sum + file.length, 0);
    for (const room of [used, used + 500, used + 1000]) {
      const full = memoryHost(files, Infinity, room);
      const problem = await problemOf(saveCheckpoint(full, folder, "last", checkpointAt(2)));
      expect(problem.message).toContain("disk is full");
      const loaded = await loadCheckpoint(memoryHost(files), folder, "last", program);
      expect(loaded).toEqual(checkpointAt(1));
    }
  });
});

describe("a checkpoint that is not sound", () => {
  async function saved(step = 7): Promise<Map<string, Uint8Array>> {
    const host = memoryHost();
    await saveCheckpoint(host, folder, "last", checkpointAt(step));
    return host.files;
  }
  const load = (files: Map<string, Uint8Array>): Promise<Checkpoint> =>
    loadCheckpoint(memoryHost(files), folder, "last", program);
  const recordPath = checkpointPath(folder, "last");
  const tensorPathOf = (files: Map<string, Uint8Array>): string =>
    [...files.keys()].find((path) => path.endsWith(".safetensors")) ?? "";

  test("is refused at every length short of the whole, by the name of the file", async () => {
    const whole = await saved();
    for (const path of whole.keys()) {
      const bytes = whole.get(path) ?? new Uint8Array();
      // The record's last byte is a line's end, without which it is whole.
      const end = path === recordPath ? bytes.length - 1 : bytes.length;
      for (let length = 0; length < end; length += 7) {
        const cut = new Map(whole).set(path, bytes.slice(0, length));
        const problem = await problemOf(load(cut));
        expect(problem).toBeInstanceOf(CorruptFile);
        expect(problem.file).toBe(path);
      }
    }
  });

  test("is refused, or is what was saved, when any bit is flipped", async () => {
    const whole = await saved();
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.nat(), fc.nat(7), async (inRecord, where, bit) => {
        const path = inRecord ? recordPath : tensorPathOf(whole);
        const bytes = whole.get(path)?.slice() ?? new Uint8Array();
        const at = where % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        const outcome = await load(new Map(whole).set(path, bytes)).catch(
          (error: unknown) => error,
        );
        // A blank between two fields may turn into a tab and mean the same.
        if (inRecord && !(outcome instanceof Error)) expect(outcome).toEqual(checkpointAt(7));
        else expect(outcome).toBeInstanceOf(FileProblem);
      }),
      { numRuns: 400 },
    );
  });

  test("made of the files of two saves is refused", async () => {
    const [seven, eight] = [await saved(7), await saved(8)];
    const record = eight.get(recordPath) ?? new Uint8Array();
    const problem = await problemOf(load(new Map(seven).set(recordPath, record)));
    expect(problem).toBeInstanceOf(MissingFile);
    expect(problem.file).toBe(tensorPathOf(eight));
    expect(problem.message).toContain("run/checkpoints/last.json");
    const renamed = new Map(eight).set(
      tensorPathOf(eight),
      seven.get(tensorPathOf(seven)) ?? new Uint8Array(),
    );
    expect((await problemOf(load(renamed))).message).toContain("SHA-256 differs");
  });

  test("of another program, or of another format version, is foreign", async () => {
    const files = await saved();
    const other = loadCheckpoint(memoryHost(files), folder, "last", "another program");
    const problem = await problemOf(other);
    expect(problem).toBeInstanceOf(ForeignFile);
    expect(problem.message).toContain("checkpoint of another program");
    const text = new TextDecoder().decode(files.get(recordPath));
    const newer = text.replace('"version": 1', '"version": 2');
    files.set(recordPath, new TextEncoder().encode(newer));
    expect(await problemOf(load(files))).toBeInstanceOf(ForeignFile);
  });

  test("that was edited is refused: a step count changed by hand", async () => {
    const files = await saved();
    const text = new TextDecoder().decode(files.get(recordPath));
    files.set(recordPath, new TextEncoder().encode(text.replace('"step": 7', '"step": 9')));
    expect((await problemOf(load(files))).message).toContain("was changed after it was saved");
  });

  test.each(["", "null", "[]", "{}", '{"format":"x"}', "[".repeat(9) + "]".repeat(9)])(
    "%j is no checkpoint",
    async (text) => {
      const files = await saved();
      files.set(recordPath, new TextEncoder().encode(text));
      expect(await problemOf(load(files))).toBeInstanceOf(CorruptFile);
    },
  );

  test("that was never saved is missing", async () => {
    const problem = await problemOf(load(new Map()));
    expect(problem).toBeInstanceOf(MissingFile);
    expect(problem.message).toContain("no checkpoint was saved under this name");
  });
});
