import { main } from "../../cli/main.ts";
import { Random } from "../../runtime/random.ts";
import { fakeTerminal } from "./fake-terminal.ts";
import { load, randomTensor, randomWeights, save } from "./run-files.ts";

const spec = `block Mine => conv(3x3) {
  branch dense = conv(3x3) -> bn
  branch skip  = identity -> bn
}

model Net {
  input image: image[6, 6, 2]
  body = image -> Mine(2)
  output body -> global_avg -> dense(3)
}

model Open {
  input image: image[_, 6, 2]
  output image -> Mine(2)
}

quant W4A4 {
  weights:     lsq(bits: 4, per: channel)
  activations: lsq(bits: 4, per: tensor)
}

quant WeightsOnly {
  weights:     lsq(bits: 4, per: channel)
  activations: none
}

quant Branches {
  weights:     lsq(bits: 4, per: channel)
  activations: lsq(bits: 4, per: tensor)
  on:          branches
}
`;

/** A folder with the spec, weights of `Mine(2)` or `Net` in floating point, an input and a probe. */
export async function world(entry = "Mine(2)") {
  const terminal = fakeTerminal({ "mine.repq": spec });
  const random = Random.fromSeed(5);
  const shape = entry === "Mine(2)" ? ["--input-shape", "6,6,2"] : [];
  const weights = await randomWeights(terminal, "mine.repq", "--entry", entry, ...shape);
  save(terminal, "w.safetensors", weights);
  save(terminal, "x.safetensors", new Map([["input", randomTensor(random, [3, 6, 6, 2])]]));
  save(terminal, "p.safetensors", new Map([["anything", randomTensor(random, [3, 6, 6, 2])]]));
  const files = {
    "--backend": "cpu",
    "--weights": "w.safetensors",
    "--input": "x.safetensors",
    "-o": "y.safetensors",
  };
  const run = (...args: readonly string[]) => {
    const usual = Object.entries(files).filter(([name]) => !args.includes(name));
    const call = [
      "run",
      "mine.repq",
      "--entry",
      entry,
      "--backend",
      "cpu",
      ...usual.flat(),
      ...args,
    ];
    return main(call, terminal);
  };
  return { terminal, weights, run, output: (file = "y.safetensors") => load(terminal, file) };
}
