import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { main } from "../../cli/main.ts";
import { Random } from "../../runtime/random.ts";
import { fakeTerminal } from "./fake-terminal.ts";

/** A classifier of 6 x 6 images, policies of each placement, and recipes: one usual, one that diverges. */
export const netSpec = `block Mine => conv(3x3) {
  branch dense = conv(3x3) -> bn
  branch point = conv(1x1) -> bn
}

model Net {
  input image: image[6, 6, 1]
  body = image -> Mine(4) -> relu
  output body -> global_avg -> dense(3)
}

model Wide {
  input image: image[_, _, 1]
  body = image -> Mine(4) -> relu
  output body -> global_avg -> dense(4)
}

model Few {
  input image: image[6, 6, 1]
  body = image -> Mine(4) -> relu
  output body -> global_avg -> dense(2)
}

model Large {
  input image: image[8, 8, 1]
  output image -> Mine(4) -> global_avg -> dense(3)
}

model Map {
  input image: image[6, 6, 1]
  output image -> Mine(4)
}

recipe Short(epochs: int = 3) {
  epochs:    epochs
  batch:     8
  loss:      cross_entropy
  optimizer: sgd(momentum: 0.9)
  schedule:  cosine
  rate:      0.1
  quantized: 0.05
  steps:     0.001
  keep:      best
}

recipe Hot {
  epochs:    3
  batch:     8
  loss:      cross_entropy
  optimizer: sgd(momentum: 0.9)
  rate:      1e30
}

recipe Distill {
  epochs:    1
  batch:     8
  loss:      cross_entropy
  optimizer: adam
  rate:      0.01
  calibrate: 2
  distill:   true
}

recipe Absolute {
  epochs:    1
  batch:     8
  loss:      mean_absolute_error
  optimizer: adam
  rate:      0.001
}
`;

/** Writes the four IDX files of a set of 6 x 6 images; the brighter third tells the class. */
export function writeIdxFolder(folder: string, counts = { train: 48, t10k: 12 }): void {
  mkdirSync(folder, { recursive: true });
  const random = Random.fromSeed(11);
  for (const [part, count] of Object.entries(counts)) {
    const labels = Uint8Array.from({ length: count }, (_, index) => index % 3);
    const pixels = Uint8Array.from({ length: count * 36 }, (_, place) => {
      const row = Math.floor((place % 36) / 6);
      const isBright = Math.floor(row / 2) === labels[Math.floor(place / 36)];
      return (isBright ? 150 : 20) + random.below(60);
    });
    writeIdx(join(folder, `${part}-images-idx3-ubyte`), [count, 6, 6], pixels);
    writeIdx(join(folder, `${part}-labels-idx1-ubyte`), [count], labels);
  }
}

/** Magic number with the rank, sizes as big-endian 32 bits, bytes. */
export function writeIdx(path: string, shape: readonly number[], data: Uint8Array): void {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt32BE(0x800 + shape.length);
  shape.forEach((size, axis) => header.writeUInt32BE(size, 4 + 4 * axis));
  writeFileSync(path, Buffer.concat([header, data]));
}

export interface Line {
  readonly kind: string;
  readonly epoch: number;
  readonly step: number;
  readonly loss: number;
}

/** A run's metrics without the times. */
export function readMetrics(run: string): readonly Line[] {
  const lines = readFileSync(join(run, "metrics.jsonl"), "utf8").trimEnd().split("\n");
  return lines.map((line) => {
    const { seconds, ...rest } = JSON.parse(line) as Line & { readonly seconds: number };
    if (!(seconds >= 0)) throw new Error(`no time in ${line}`);
    return rest;
  });
}

/** A folder with a spec and images, and `train` called in it on the cpu backend. */
export function trainWorld() {
  const terminal = fakeTerminal({ "net.repq": netSpec });
  const at = (path: string) => join(terminal.folder, path);
  writeIdxFolder(at("images"));
  const usual = { "--entry": "Net", "--recipe": "Short", "--data": "images", "--backend": "cpu" };
  const train = (...args: readonly string[]) => {
    const others = Object.entries(usual).filter(([name]) => !args.includes(name));
    return main(["train", "net.repq", ...others.flat(), ...args], terminal);
  };
  const resume = (...args: readonly string[]) => main(["train", "--resume", ...args], terminal);
  const json = (path: string) => JSON.parse(readFileSync(at(path), "utf8"));
  return { terminal, at, train, resume, json };
}
