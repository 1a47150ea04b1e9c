import { it } from "vitest";
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
it("x", async () => {
  await openBackend("wasm", { threads: 2 });
  const plan = planDemo("/tmp", 4, 1);
  const { training, test } = await readFashionMnist(fileHost(packageRoot), packageFolder("fashion-mnist"));
  const data = { trainingData: firstImages(training, 64 * 60), testData: firstImages(test, 500) };
  let weights = initialWeights(plan.float, 1);
  for (const name of ["float", "repq"] as const) {
    const losses: number[] = []; const mem = new Set<number>();
    const t0 = performance.now();
    const r = await train({ program: plan[name], recipe: { ...runtimeRecipe(plan.recipe, name === "float" ? "float" : "quantized", 1) }, ...data, weights, onProgress: (p) => { losses.push(p.loss); mem.add(tf.memory().numTensors); } });
    weights = r.final.weights;
    console.log(name, ((performance.now() - t0) / losses.length).toFixed(0), "ms/step", mem.size, losses.filter((_, i) => i % 6 === 0).map((l) => l.toFixed(2)).join(" "), JSON.stringify(r.history));
    if (name === "repq") console.log([...weights].filter(([k]) => /step$/.test(k)).map(([k, v]) => `${k} ${Math.min(...v.data).toPrecision(3)}..${Math.max(...v.data).toPrecision(3)}`).join("\n"));
  }
}, 400000);
