import { describe, expect, it } from "vitest";
import type { Program, WeightRole } from "../../../compiler/ir/program.ts";
import { currentBackend, describeBackends } from "../../support/backends.ts";
import { tf } from "../../../runtime/tensors.ts";
import { applyGradients } from "../../../runtime/train/apply-gradients.ts";
import { createOptimizer, type OptimizerChoice } from "../../../runtime/train/optimizers/index.ts";
import { watchPace } from "../../../runtime/train/pace.ts";
import { createSchedule } from "../../../runtime/train/schedules/index.ts";
import { beginOptimizer } from "../../../runtime/train/training-variables.ts";
import { disposeAll } from "../../../runtime/weights.ts";
import { expectClose } from "../../support/expect-close.ts";
import { readNumbers } from "../../support/compute.ts";
import { tinyProgram } from "./tiny-program.ts";

const roles: readonly WeightRole[] = ["kernel", "bias", "scale", "step"];

/** A program that is only its weights, one of each role, named by it. */
const program: Program = {
  ...tinyProgram(false),
  weights: roles.map((role) => ({
    path: role,
    shape: [2],
    role,
    initial: { kind: "constant", value: 1 },
  })),
};

const start = [0.5, 2];
const gradients = [[0.25, -1], [1, 0.5], [-0.5, 3], [2, 2]] as const; // prettier-ignore
const rates = { rate: 0.1, stepRate: 0.01, decay: 0.3, decayed: ["kernel"] as const };

/** The weights after as many steps as there are gradients, the same for every role. */
async function optimize(
  choice: OptimizerChoice,
  steps: readonly (readonly number[])[] = gradients,
) {
  const optimizer = createOptimizer(choice);
  const weights = new Map<string, tf.Tensor>(roles.map((role) => [role, tf.tensor1d(start)]));
  const variables = { weights, optimizer: beginOptimizer(program, weights, optimizer) };
  steps.forEach((gradient, n) => {
    const tensors = new Map(roles.map((role) => [role, tf.tensor1d([...gradient])]));
    const change = { gradients: tensors, updates: new Map<string, tf.Tensor>() };
    applyGradients(program, variables, change, optimizer, rates, n + 1);
    disposeAll(tensors);
  });
  const read = new Map<string, number[]>();
  for (const [role, tensor] of weights)
    read.set(role, Array.from((await readNumbers(tensor)).data));
  for (const owned of [variables.weights, variables.optimizer]) disposeAll(owned);
  return read;
}

type Rule = (weight: number, gradient: number, rate: number, count: number) => number;

/** Runs a formula in float64 for one role. */
function compute(makeRule: () => Rule, role: WeightRole): readonly number[] {
  return start.map((first, n) => {
    const rule = makeRule();
    return gradients.reduce((weight, gradient, step) => {
      const decay = role === "kernel" ? rates.decay * weight : 0;
      const rate = role === "step" ? rates.stepRate : rates.rate;
      return rule(weight, gradient[n]! + decay, rate, step + 1);
    }, first);
  });
}

const momentum = (): Rule => {
  let velocity = 0;
  return (weight, gradient, rate) => {
    velocity = 0.9 * velocity + gradient;
    return weight - rate * velocity;
  };
};

const plain = (): Rule => (weight, gradient, rate) => weight - rate * gradient;

const adam = (): Rule => {
  let [mean, square] = [0, 0];
  return (weight, gradient, rate, count) => {
    mean = 0.8 * mean + 0.2 * gradient;
    square = 0.95 * square + 0.05 * gradient ** 2;
    const root = Math.sqrt(square / (1 - 0.95 ** count)) + 1e-8;
    return weight - (rate * mean) / (1 - 0.8 ** count) / root;
  };
};

describeBackends("optimizers", () => {
  it.each([
    [{ name: "sgd", momentum: 0.9 }, momentum],
    [{ name: "sgd" }, plain],
    [{ name: "adam", beta1: 0.8, beta2: 0.95 }, adam],
  ] as const)(
    "%o follows its formula, decays kernels only, moves steps at their own rate",
    async (choice, rule) => {
      const before = tf.memory().numTensors;
      const weights = await optimize(choice);
      expect(tf.memory().numTensors).toBe(before);
      for (const role of roles) {
        const data = weights.get(role)!;
        expectClose(
          { shape: [2], data },
          { shape: [2], data: compute(rule, role) },
          currentBackend().tolerance / 20,
          role,
        );
      }
    },
  );

  it("keeps steps positive, at the least share of what they began as", async () => {
    const steps = (await optimize({ name: "sgd" }, [[1e6, 1e6]])).get("step")!;
    expect(steps).toEqual([
      Math.fround(0.5 * Math.fround(1e-4)),
      Math.fround(2 * Math.fround(1e-4)),
    ]);
  });
});

describe("schedules", () => {
  it("constant stays at 1, cosine falls from 1 through one half towards 0", () => {
    const [constant, cosine] = [
      createSchedule({ name: "constant" }),
      createSchedule({ name: "cosine" }),
    ];
    expect([0, 5, 9].map((step) => constant(step, 10))).toEqual([1, 1, 1]);
    expect(cosine(0, 10)).toBe(1);
    expect(cosine(5, 10)).toBeCloseTo(0.5, 12);
    expect(cosine(10, 10)).toBeCloseTo(0, 12);
  });

  it("warmup rises linearly, then the rest takes its whole course", () => {
    const schedule = createSchedule({ name: "cosine", warmup: 4 });
    const factors = Array.from({ length: 9 }, (_, step) => schedule(step, 8));
    expect(factors.slice(0, 5)).toEqual([0.25, 0.5, 0.75, 1, 1]);
    expect(factors[6]).toBeCloseTo(0.5, 12);
    expect(factors[8]).toBeCloseTo(0, 12);
  });
});

it("judges the time left by the steps after the first", () => {
  let time = 1000;
  const pace = watchPace(() => time);
  expect(pace(10)).toEqual({});
  time += 500;
  expect(pace(8)).toEqual({ secondsLeft: 4 });
  time += 1500;
  expect(pace(7)).toEqual({ secondsLeft: 7 });
});
