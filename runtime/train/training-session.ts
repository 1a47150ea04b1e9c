import type { Examples } from "../data/index.ts";
import { ForeignFile } from "../files.ts";
import { Random } from "../random.ts";
import type { HostTensor } from "../safetensors.ts";
import { sha256 } from "../sha256.ts";
import { toTensors, type HostWeights } from "../weights.ts";
import { beginAverage } from "./average-weights.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { firstSteps } from "./first-steps.ts";
import { createOptimizer } from "./optimizers/index.ts";
import type { EpochReport } from "./progress.ts";
import { readSession, writeSession, type Tally } from "./session-record.ts";
import { beginTeacher } from "./teacher.ts";
import type { TrainingRun } from "./training-run.ts";
import {
  beginOptimizer,
  disposeVariables,
  restoreVariables,
  saveVariables,
  type TrainingVariables,
} from "./training-variables.ts";

/** A training on its way: all that changes from step to step. */
export interface TrainingSession {
  readonly programHash: string;
  readonly random: Random;
  readonly variables: TrainingVariables;
  /** Steps taken. */
  step: number;
  /** Epochs finished. */
  epoch: number;
  nextBatch: number;
  tally: Tally;
  /** The epoch with the best score so far, where the recipe keeps the best. */
  best: BestEpoch | undefined;
  readonly history: EpochReport[];
}

export interface BestEpoch {
  readonly epoch: number;
  readonly score: number;
  readonly weights: HostWeights;
}

export const emptyTally: Tally = { loss: 0, correct: 0, steps: 0 };

/** Identifies a program in checkpoints. */
export function hashProgram(program: TrainingRun["program"]): Promise<string> {
  return sha256(new TextEncoder().encode(JSON.stringify(program)));
}

/** Begins with the run's weights, or goes on where its checkpoint stands. */
export async function openSession(run: TrainingRun): Promise<TrainingSession> {
  const programHash = await hashProgram(run.program);
  return run.resume ? resumeSession(run, run.resume, programHash) : beginSession(run, programHash);
}

async function beginSession(run: TrainingRun, programHash: string): Promise<TrainingSession> {
  const random = Random.fromSeed(run.recipe.seed).fork("training");
  const weights = toTensors(run.weights);
  for (const [path, step] of await firstSteps(run, random, weights)) weights.set(path, step);
  const optimizer = beginOptimizer(run.program, weights, createOptimizer(run.recipe.optimizer));
  const variables = { weights, optimizer };
  if (run.recipe.average !== undefined) beginAverage(variables);
  if (run.recipe.distill === true) beginTeacher(run.program, variables);
  const start = {
    step: 0,
    epoch: 0,
    nextBatch: 0,
    tally: emptyTally,
    best: undefined,
    history: [],
  };
  return { programHash, random, variables, ...start };
}

function resumeSession(
  { recipe, trainingData }: TrainingRun,
  { state, weights, optimizer }: Checkpoint,
  programHash: string,
): TrainingSession {
  const record = readSession(state.more);
  if (state.programHash !== programHash) throw foreign("another program");
  if (JSON.stringify(record.recipe) !== JSON.stringify(recipe)) throw foreign("another recipe");
  if (record.data !== identify(trainingData)) throw foreign(`other data: ${record.data}`);
  const { step, epoch, nextBatch } = state;
  const { tally = emptyTally, history } = record;
  const kept = splitBest(optimizer);
  const variables = restoreVariables({ weights, optimizer: kept.memory });
  const best = record.best ? { ...record.best, weights: kept.best } : undefined;
  const random = Random.fromState(state.random);
  const place = { step, epoch, nextBatch, tally, best, history: [...history] };
  return { programHash, random, variables, ...place };
}

/** Data by what tells it from other data without reading it. */
function identify({ name, size }: Examples): string {
  return `${name}, ${size} examples`;
}

const bestPrefix = "best/";

/** The optimizer's memory, and the best epoch's weights, which a checkpoint holds beside it. */
export function splitBest(optimizer: HostWeights): { memory: HostWeights; best: HostWeights } {
  const [memory, best] = [new Map(optimizer), new Map<string, HostTensor>()];
  for (const [name, tensor] of optimizer) {
    if (!name.startsWith(bestPrefix)) continue;
    memory.delete(name);
    best.set(name.slice(bestPrefix.length), tensor);
  }
  return { memory, best };
}

function foreign(what: string): ForeignFile {
  const help = "Resume with what the training was started with, or start a new one.";
  return new ForeignFile("the checkpoint", `was saved by a training with ${what}`, help);
}

/** The session as a checkpoint, from which `openSession` goes on to the bit. */
export async function captureSession(
  session: TrainingSession,
  { recipe, trainingData }: TrainingRun,
): Promise<Checkpoint> {
  const { programHash, random, step, epoch, nextBatch, tally, history, best } = session;
  const last = history.at(-1);
  const metrics = last ? { loss: last.loss, ...last.test } : {};
  const kept = best ? { epoch: best.epoch, score: best.score } : null;
  const data = identify(trainingData);
  const more = writeSession({ recipe, data, tally, best: kept, history });
  const state = { programHash, random: random.state, step, epoch, nextBatch, metrics, more };
  const { weights, optimizer } = await saveVariables(session.variables);
  const memory = new Map(optimizer);
  for (const [path, tensor] of best?.weights ?? []) memory.set(bestPrefix + path, tensor);
  return { weights, optimizer: memory, state };
}

export function closeSession({ variables }: TrainingSession): void {
  disposeVariables(variables);
}
