/**
 * Run in a process of its own with the main file of a tfjs-node: convolves, differentiates, compares with plain sums, and prints what it found as JSON.
 */
import { createRequire } from "node:module";
import { realpathSync } from "node:fs";

const [file, root] = process.argv.slice(2);
const require = createRequire(file);
const util = require("node:util");
// Node 23 has it no more, and tfjs-node 4.22 calls it.
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";

const shared = (from) => realpathSync(createRequire(from).resolve("@tensorflow/tfjs"));
if (shared(file) !== shared(root)) {
  throw new Error(`tfjs-node uses ${shared(file)}, and repqc ${shared(root)}: they must be one`);
}
const tf = require(file);
tf.enableProdMode();

const SIDE = 5;
const KERNEL = 3;
const OUT = SIDE - KERNEL + 1;
// Small whole numbers: every sum is exact in float32, in any order.
const numbers = (count, seed) => Array.from({ length: count }, (_, i) => ((i * seed) % 7) - 3);
const x = numbers(SIDE * SIDE, 3);
const kernel = numbers(KERNEL * KERNEL, 5);
const weights = numbers(OUT * OUT, 2);

/** The gradients of sum(weights * (x conv kernel)), by their definition. */
function expected() {
  const ofX = x.map(() => 0);
  const ofKernel = kernel.map(() => 0);
  for (let place = 0; place < OUT * OUT; place++) {
    for (let tap = 0; tap < KERNEL * KERNEL; tap++) {
      const row = Math.floor(place / OUT) + Math.floor(tap / KERNEL);
      const at = row * SIDE + (place % OUT) + (tap % KERNEL);
      ofX[at] += weights[place] * kernel[tap];
      ofKernel[tap] += weights[place] * x[at];
    }
  }
  return [ofX, ofKernel];
}

const loss = (x, kernel) =>
  tf.sum(tf.mul(tf.conv2d(x, kernel, 1, "valid"), tf.tensor(weights, [1, OUT, OUT, 1])));
const gradients = tf.grads(loss)([
  tf.tensor(x, [1, SIDE, SIDE, 1]),
  tf.tensor(kernel, [KERNEL, KERNEL, 1, 1]),
]);
const wanted = expected();
for (const [index, what] of ["the input", "the kernel"].entries()) {
  const found = [...(await gradients[index].data())];
  if (found.join() !== wanted[index].join()) {
    throw new Error(`the gradient of ${what} is ${found.join(" ")}, not ${wanted[index].join(" ")}`); // prettier-ignore
  }
}
const { binding, isUsingGpuDevice } = tf.backend();
console.log(JSON.stringify({ tensorflow: binding.TF_Version, usesGpu: isUsingGpuDevice }));
