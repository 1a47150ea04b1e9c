
import { planDemo } from "../../../cli/demo/plan.ts";
import { runtimeRecipe } from "../../../cli/runtime-recipe.ts";
import { fileHost } from "../../../cli/file-host.ts";
import { packageFolder } from "../../../cli/package-folder.ts";
import { packageRoot } from "../../../cli/package-root.ts";
import { openBackend } from "../../../runtime/backends/index.ts";
import { readFashionMnist, firstImages } from "../../../runtime/data/index.ts";
import { tf } from "../../../runtime/tensors.ts";
import { train } from "../../../runtime/train/index.ts";
import { initialWeights } from "../../../runtime/weights.ts";
import { it } from "vitest"; import { Session } from "node:inspector/promises"; import { writeFileSync } from "node:fs";
it("x", async () => {
  await openBackend("wasm", { threads: 1 });
  const plan = planDemo("/tmp", 4, 1);
  const { training, test } = await readFashionMnist(fileHost(packageRoot), packageFolder("fashion-mnist"));
  const data = { trainingData: firstImages(training, 64 * 60), testData: firstImages(test, 500) };
  let weights = initialWeights(plan.float, 1);
  const s: any = await import("../../../runtime/train/train-step.ts");
  const { toTensors } = await import("../../../runtime/weights.ts");
  const { initializeSteps } = await import("../../../runtime/train/initialize-steps.ts");
  const { beginOptimizer } = await import("../../../runtime/train/training-variables.ts");
  const { createOptimizer } = await import("../../../runtime/train/optimizers/index.ts");
  const { createLoss } = await import("../../../runtime/train/losses/index.ts");
  for (const name of ["float", "repq"] as const) {
    const program = plan[name];
    const w = toTensors(weights);
    const input = tf.randomUniform([64, 28, 28, 1]);
    for (const [k, v] of initializeSteps(program, w, input)) w.set(k, v);
    const optimizer = createOptimizer({ name: "sgd", momentum: 0.9 });
    const variables = { weights: w, optimizer: beginOptimizer(program, w, optimizer) };
    const target = tf.zeros([64], "int32");
    const opts = { loss: createLoss({ name: "softmax_cross_entropy" }), optimizer, count: 1, rate: 0.01, stepRate: 0.001, decay: 1e-4, decayed: ["kernel"] };
    const go = () => s.trainStep(program, variables, { input, target }, opts);
    await go();
    const pr = await (tf.engine() as any).profile(() => go());
    const by: Record<string, number> = {};
    for (const k of pr.kernels) by[k.name] = (by[k.name] ?? 0) + 1;
    console.log(name, pr.kernels.length, JSON.stringify(Object.fromEntries(Object.entries(by).sort((a, b) => b[1] - a[1]).slice(0, 30))));
    for (let n = 0; n < 5; n++) await go();
    const se = new Session(); se.connect(); await se.post("Profiler.enable"); await se.post("Profiler.start"); const c0 = process.cpuUsage();
    for (let n = 0; n < 40; n++) await go();
    const c = process.cpuUsage(c0);
    const { profile } = await se.post("Profiler.stop"); writeFileSync("/tmp/prof/" + name + ".cpuprofile", JSON.stringify(profile));
    console.log(name, "cpu ms/step", (c.user + c.system) / 4e4);
  }
}, 400000);
