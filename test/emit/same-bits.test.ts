/** Running an emitted module and running the runtime on the same weights give the same bits. */
import { beforeAll, describe, expect, it } from "vitest";
import { programTexts } from "../../cli/program-texts.ts";
import type { Program } from "../../compiler/ir/index.ts";
import { openBackend } from "../../runtime/backends/index.ts";
import { execute } from "../../runtime/execute.ts";
import { Random } from "../../runtime/random.ts";
import { tf } from "../../runtime/tensors.ts";
import { disposeAll, takeFrom } from "../../runtime/weights.ts";
import { compileCase, programCases } from "./compile-library.ts";
import { loadModule, type EmittedModule } from "./emitted-module.ts";

const cases = await Promise.all(
  programCases.map(async (one) => {
    const program = compileCase(one);
    const { typescript } = await programTexts(program, "repqc compile");
    return { name: one.name, program, module: await loadModule(typescript) };
  }),
);

/** Weights in a plausible range: positive variances and steps. */
function randomTensors(program: Program, random: Random): Map<string, tf.Tensor> {
  const draw = (path: string, role: string) => () => {
    if (role === "step") return random.uniform(0.02, 0.2);
    if (path.endsWith("variance")) return random.uniform(0.5, 2);
    return random.normal(0, 0.5);
  };
  return new Map(
    program.weights.map(({ path, shape, role }) => {
      const data = Float32Array.from(
        { length: tf.util.sizeFromShape([...shape]) },
        draw(path, role),
      );
      return [path, tf.tensor(data, [...shape])];
    }),
  );
}

function randomInput({ input }: Program, random: Random): tf.Tensor {
  const shape = [3, ...input.shape];
  const data = Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, () =>
    random.normal(0, 1),
  );
  return tf.tensor(data, shape);
}

/** Shape and bits of some tensors, by name. */
function bitsOf(
  tensors: Iterable<readonly [string, tf.Tensor]>,
): Readonly<Record<string, unknown>> {
  const entries = [...tensors].map(([name, tensor]) => {
    const numbers = tensor.dataSync() as Float32Array;
    return [
      name,
      [tensor.shape, Buffer.from(new Uint8Array(numbers.slice().buffer)).toString("hex")],
    ];
  });
  return Object.fromEntries(entries);
}

function compareTraining(program: Program, module: EmittedModule, training: boolean): void {
  const random = Random.fromSeed(7);
  const weights = randomTensors(program, random);
  const input = randomInput(program, random);
  const mode = training ? "train" : "eval";
  const ours = execute(program.train, { mode, weights: takeFrom(weights), input });
  const theirs = module.train(input, Object.fromEntries(weights), { training });
  expect(bitsOf([["output", theirs.output]])).toEqual(bitsOf(Object.entries(ours.outputs)));
  expect(bitsOf(Object.entries(theirs.updates))).toEqual(bitsOf(ours.updates));
  tf.dispose([input, theirs, ours.outputs]);
  for (const owned of [weights, ours.updates]) disposeAll(owned);
}

/** Of the summed output by the input and every weight that it depends on. */
function compareGradients(program: Program, module: EmittedModule): void {
  const random = Random.fromSeed(9);
  const weights = randomTensors(program, random);
  const input = randomInput(program, random);
  const all = [input, ...weights.values()];
  const gradients = (run: () => tf.Tensor): Readonly<Record<string, unknown>> => {
    const { value, grads } = tf.engine().gradients(() => tf.sum(run()), all, undefined, true);
    const found = grads
      .map((gradient, n) => [String(n), gradient] as const)
      .filter(([, one]) => one);
    const bits = bitsOf(found);
    tf.dispose([value, grads]);
    return bits;
  };
  const take = takeFrom(weights);
  const ours = gradients(
    () => execute(program.train, { mode: "train", weights: take, input }).outputs["output"]!,
  );
  const record = Object.fromEntries(weights);
  expect(gradients(() => module.train(input, record, { training: true }).output)).toEqual(ours);
  expect(Object.keys(ours).length).toBeGreaterThan(1);
  input.dispose();
  disposeAll(weights);
}

function compareDeployment(program: Program, module: EmittedModule): void {
  const random = Random.fromSeed(8);
  const weights = randomTensors(program, random);
  const input = randomInput(program, random);
  const ours = execute(program.merge, { mode: "eval", weights: takeFrom(weights) }).outputs;
  const theirs = module.merge(Object.fromEntries(weights));
  expect(bitsOf(Object.entries(theirs))).toEqual(bitsOf(Object.entries(ours)));
  const take = takeFrom(new Map(Object.entries(ours)));
  const deployed = execute(program.deploy, { mode: "eval", weights: take, input }).outputs;
  const output = module.deploy(input, theirs);
  expect(bitsOf([["output", output]])).toEqual(bitsOf(Object.entries(deployed)));
  tf.dispose([input, ours, theirs, deployed, output]);
  disposeAll(weights);
}

describe.each(["wasm", "cpu"])("on %s", (backend) => {
  beforeAll(async () => {
    await openBackend(backend, { threads: 1 });
  });

  it.each(cases)("$name trains alike", ({ program, module }) => {
    compareTraining(program, module, true);
  });

  it.each(cases)("$name evaluates alike", ({ program, module }) => {
    compareTraining(program, module, false);
  });

  it.each(cases)("$name merges and deploys alike", ({ program, module }) => {
    compareDeployment(program, module);
  });

  // In plain JavaScript the model's backward pass takes seconds.
  const small = backend === "cpu" ? cases.filter(({ name }) => !name.includes("Fashion")) : cases;
  it.each(small)("$name has the same gradients", ({ program, module }) => {
    compareGradients(program, module);
  });

  it("leaves no tensors behind, and the caller's alone", () => {
    const { program, module } = cases.at(-1)!;
    const before = tf.memory().numTensors;
    compareTraining(program, module, true);
    compareDeployment(program, module);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("an emitted module", () => {
  it.each(cases)("lists the weights of $name", ({ program, module }) => {
    const listed = ({ path, shape, role }: (typeof module.weightTable)[number]) => ({
      path,
      shape,
      role,
    });
    expect(module.weightTable.map(listed)).toEqual(program.weights.map(listed));
    expect(module.deployedTable.map(listed)).toEqual(program.deployed.map(listed));
  });

  it("names a weight that it is not given", () => {
    const { program, module } = cases[0]!;
    const input = randomInput(program, Random.fromSeed(1));
    expect(() => module.train(input, {}, { training: true })).toThrow("dense.0.kernel");
    input.dispose();
  });
});
