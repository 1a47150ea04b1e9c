/** Nobody outside runtime/backends decides anything by the name of a backend: what differs is a field of `Backend`. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { backendNames } from "../../runtime/backends/backend-names.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const name = `["'\`](?:${backendNames.join("|")})["'\`]`;
const branches = new RegExp(
  [
    `[!=]==?\\s*${name}`,
    `${name}\\s*[!=]==?`,
    `case ${name}`,
    `\\[${name}[^\\]]*\\]\\.includes`,
    "getBackend\\(",
  ].join("|"),
);

it.each([
  ['if (backend === "wasm") pad();', true],
  ["if ('webgpu' !== name) pad();", true],
  ['case "cpu": pad();', true],
  ['["cpu", "wasm"].includes(backend)', true],
  ['tf.getBackend() + "x"', true],
  ['openBackend("wasm")', false],
])("%s branches: %s", (line, isBranch) => expect(branches.test(line)).toBe(isBranch));

it("no file outside runtime/backends branches on a backend's name", () => {
  const found = ["bench", "cli", "compiler", "grammar", "runtime"].flatMap((folder) =>
    readdirSync(`${root}/${folder}`, { recursive: true, encoding: "utf8" })
      .map((file) => `${folder}/${file}`.replaceAll("\\", "/"))
      .filter((file) => file.endsWith(".ts") && !file.startsWith("runtime/backends/"))
      .flatMap((file) =>
        readFileSync(`${root}/${file}`, "utf8")
          .split("\n")
          .filter((line) => branches.test(line))
          .map((line) => `${file}: ${line.trim()}`),
      ),
  );
  expect(found).toEqual([]);
});
