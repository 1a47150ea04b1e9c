/** Nobody reads a tensor without waiting for it: webgpu cannot, in Node it throws, and in browsers it stops the page. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const reading = /\b(?:dataSync|arraySync|bytesSync|bufferSync)\b/;

it("no file reads a tensor synchronously", () => {
  const found = ["bench", "cli", "compiler", "runtime"].flatMap((folder) =>
    readdirSync(`${root}/${folder}`, { recursive: true, encoding: "utf8" })
      .map((file) => `${folder}/${file}`.replaceAll("\\", "/"))
      .filter((file) => file.endsWith(".ts"))
      .filter((file) => reading.test(readFileSync(`${root}/${file}`, "utf8"))),
  );
  expect(found).toEqual([]);
});
