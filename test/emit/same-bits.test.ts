/** Running an emitted module and running the runtime on the same weights give the same bits. */
import { describe, expect, it } from "vitest";
import { programTexts } from "../../cli/program-texts.ts";
import type { Program } from "../../compiler/ir/index.ts";
import { execute } from "../../runtime/execute.ts";
import { Random } from "../../runtime/random.ts";
import { tf } from "../../runtime/tensors.ts";
import { disposeAll, takeFrom } from "../../runtime/weights.ts";
import { describeBackends } from "../support/backends.ts";
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
async function bitsOf(
  tensors: Iterable<readonly [string, tf.Tensor]>,
): Promise<Readonly<Record<string, unknown>>> {
  const bits: Record<string, unknown> = {};
  for (const [name, tensor] of tensors) {
    const numbers = (await tensor.data()) as Float32Array;
    const text = Buffer.from(new Uint8Array(numbers.slice().buffer)).toString("hex");
    bits[name] = [tensor.shape, text];
  }
  return bits;
}

/** What decides which positions a sample of them has. */
const draw = 11;

async function compareTraining(
  program: Program,
  module: EmittedModule,
  training: boolean,
): Promise<void> {
  const random = Random.fromSeed(7);
  const weights = randomTensors(program, random);
  const input = randomInput(program, random);
  const mode = training ? "train" : "eval";
  const ours = execute(program.train, { mode, weights: takeFrom(weights), input, draw });
  const theirs = module.train(input, Object.fromEntries(weights), { training, draw });
  const outputs = await bitsOf(Object.entries(ours.outputs));
  expect(await bitsOf([["output", theirs.output]])).toEqual(outputs);
  expect(await bitsOf(Object.entries(theirs.updates))).toEqual(await bitsOf(ours.updates));
  tf.dispose([input, theirs, ours.outputs]);
  for (const owned of [weights, ours.updates]) disposeAll(owned);
}

/** Of the summed output by the input and every weight that it depends on. */
async function compareGradients(program: Program, module: EmittedModule): Promise<void> {
  const random = Random.fromSeed(9);
  const weights = randomTensors(program, random);
  const input = randomInput(program, random);
  const all = [input, ...weights.values()];
  const gradients = async (run: () => tf.Tensor): Promise<Readonly<Record<string, unknown>>> => {
    const { value, grads } = tf.engine().gradients(() => tf.sum(run()), all, undefined, true);
    const found = grads
      .map((gradient, n) => [String(n), gradient] as const)
      .filter(([, one]) => one);
    const bits = await bitsOf(found);
    tf.dispose([value, grads]);
    return bits;
  };
  const take = takeFrom(weights);
  const options = { mode: "train", weights: take, input, draw } as const;
  const ours = await gradients(() => execute(program.train, options).outputs["output"]!);
  const record = Object.fromEntries(weights);
  const theirs = await gradients(
    () => module.train(input, record, { training: true, draw }).output,
  );
  expect(theirs).toEqual(ours);
  expect(Object.keys(ours).length).toBeGreaterThan(1);
  input.dispose();
  disposeAll(weights);
}

async function compareDeployment(program: Program, module: EmittedModule): Promise<void> {
  const random = Random.fromSeed(8);
  const weights = randomTensors(program, random);
  const input = randomInput(program, random);
  const ours = execute(program.merge, { mode: "eval", weights: takeFrom(weights) }).outputs;
  const theirs = module.merge(Object.fromEntries(weights));
  const merged = await bitsOf(Object.entries(ours));
  expect(await bitsOf(Object.entries(theirs))).toEqual(merged);
  const take = takeFrom(new Map(Object.entries(ours)));
  const deployed = execute(program.deploy, { mode: "eval", weights: take, input }).outputs;
  const output = module.deploy(input, theirs);
  const outputs = await bitsOf(Object.entries(deployed));
  expect(await bitsOf([["output", output]])).toEqual(outputs);
  tf.dispose([input, ours, theirs, deployed, output]);
  disposeAll(weights);
}

/** For a GPU that is none, which has to compile every kind of step first. */
const fewest = /^(RepVGG\(4\) RepQ|Everything Offset)$/;

describeBackends("an emitted module", ({ name: backend, isSlow }) => {
  const some = isSlow ? cases.filter(({ name }) => fewest.test(name)) : cases;

  it.each(some)("$name trains alike", ({ program, module }) =>
    compareTraining(program, module, true),
  );

  it.each(some)("$name evaluates alike", ({ program, module }) =>
    compareTraining(program, module, false),
  );

  it.each(some)("$name merges and deploys alike", ({ program, module }) =>
    compareDeployment(program, module),
  );

  // In plain JavaScript the model's backward pass takes seconds.
  const small = backend === "cpu" ? some.filter(({ name }) => !name.includes("Fashion")) : some;
  it.each(small)("$name has the same gradients", ({ program, module }) =>
    compareGradients(program, module),
  );

  it("sees other positions at another draw", async () => {
    const { program, module } = cases.find(({ name }) => name === "Everything Offset")!;
    const random = Random.fromSeed(7);
    const weights = randomTensors(program, random);
    const input = randomInput(program, random);
    const seen = new Set<string>();
    for (let other = 0; other < 4; other++) {
      const given = { training: true, draw: other };
      const { output, updates } = module.train(input, Object.fromEntries(weights), given);
      seen.add(JSON.stringify(await bitsOf([["output", output]])));
      tf.dispose([output, updates]);
    }
    expect(seen.size).toBeGreaterThan(1);
    input.dispose();
    disposeAll(weights);
  });

  it("leaves no tensors behind, and the caller's alone", async () => {
    const { program, module } = some.at(-1)!;
    const before = tf.memory().numTensors;
    await compareTraining(program, module, true);
    await compareDeployment(program, module);
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
    expect(() => module.train(input, {}, { training: true, draw })).toThrow("dense.0.kernel");
    input.dispose();
  });
});
