import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { fileHost } from "../../cli/file-host.ts";
import { asideOf } from "../../cli/write-file-atomic.ts";
import { loadCheckpoint, saveCheckpoint } from "../../runtime/train/checkpoint.ts";
import { Random } from "../../runtime/random.ts";
import { fakeTerminal } from "./fake-terminal.ts";

it("a save removes what an earlier, killed one left beside it", async () => {
  const { folder } = fakeTerminal({});
  const host = fileHost(folder);
  const state = {
    programHash: "0".repeat(64),
    step: 3,
    epoch: 0,
    nextBatch: 3,
    random: Random.fromSeed(1).state,
    metrics: {},
    more: null,
  };
  const weights = new Map([["s0.kernel", { shape: [2], data: Float32Array.of(1, 2) }]]);
  const checkpoint = { weights, optimizer: new Map(), state };
  await saveCheckpoint(host, "", "run", checkpoint);
  const left = asideOf(join(folder, "run.json"));
  writeFileSync(left, "half");
  await saveCheckpoint(host, "", "run", { ...checkpoint, state: { ...state, step: 4 } });
  expect(existsSync(left)).toBe(false);
  const loaded = await loadCheckpoint(host, "", "run", state.programHash);
  expect(loaded.state.step).toBe(4);
  expect(loaded.weights).toEqual(weights);
});
