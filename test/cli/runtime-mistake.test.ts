import { describe, expect, it } from "vitest";
import { withRuntimeMistakes } from "../../cli/runtime-mistake.ts";
import { UserMistake } from "../../cli/user-mistake.ts";
import { BackendUnavailable } from "../../runtime/backends/index.ts";
import { deviceLost, deviceRefused } from "../../runtime/backends/webgpu/device-failed.ts";
import { OnnxRunFailed } from "../../runtime/export/index.ts";
import { MissingFile, UnfitFile, UnwritableFile } from "../../runtime/files.ts";
import { InvalidStep, WrongTensor } from "../../runtime/integer/index.ts";
import { loadProgram } from "../../runtime/load.ts";
import { Diverged } from "../../runtime/train/index.ts";

/** What becomes of an error on its way out. */
async function outcome(error: Error): Promise<unknown> {
  return withRuntimeMistakes(() => Promise.reject(error)).catch((given: unknown) => given);
}

describe("withRuntimeMistakes", () => {
  it.each([
    [
      new InvalidStep("s1.0.kernel.step", Float32Array.of(1, 0)),
      {
        code: "quant/invalid-step",
        message: "the step at `s1.0.kernel.step` is not a positive number",
      },
    ],
    [
      new WrongTensor("s1.0.kernel", [3, 3, 2, 2], [1]),
      {
        code: "artefact/wrong-tensor",
        message:
          "`s1.0.kernel` does not fit the deployed graph: it has shape [1]; the graph expects [3, 3, 2, 2] (-1: any)",
      },
    ],
    [
      new BackendUnavailable("webgpu", "no GPU adapter was found", ["Install a driver."]),
      {
        code: "config/backend-missing",
        message: "the backend `webgpu` is not available here: no GPU adapter was found",
        help: "Install a driver",
      },
    ],
    [
      deviceRefused("bad shader"),
      {
        code: "config/device-failed",
        message: "the GPU failed: it refused a command (bad shader)",
        help: expect.stringMatching(/^use another backend; .*`--weights RUN`/) as string,
      },
    ],
    [
      deviceLost(""),
      {
        code: "config/device-failed",
        message: "the GPU failed: it was lost",
        help: expect.stringMatching(/^begin again; .*`repqc train --resume -o RUN`/) as string,
      },
    ],
    [
      new UnwritableFile("a/b", "cannot be written: the disk is full", "Make room."),
      {
        code: "artefact/unwritable",
        message: "`a/b` cannot be written: the disk is full",
        help: "make room",
      },
    ],
    [
      new UnfitFile("a.png", "has 9 x 9 pixels, fewer than a patch", "Take larger ones."),
      {
        code: "config/data-mismatch",
        message: "`a.png` does not fit the model: it has 9 x 9 pixels, fewer than a patch",
        help: "take larger ones",
      },
    ],
    [
      new Diverged(1, 0, "weight a", 0.1),
      {
        code: "config/diverged",
        message: "training diverged after 1 step: weight a is no longer finite",
        help: expect.stringMatching(/^begin a new run with a lower learning rate/) as string,
      },
    ],
    [
      new MissingFile("a/b", "is not there", "Check the path."),
      { code: "artefact/missing-file", message: "there is no file `a/b`", help: "check the path" },
    ],
  ])("says what the user can mend: %s", async (error, expected) => {
    const given = await outcome(error);
    expect(given).toBeInstanceOf(UserMistake);
    expect((given as UserMistake).diagnostics).toMatchObject([expected]);
  });

  it("says once that a program is damaged", async () => {
    const cut = '{ "format": "repqc-program", "version": 1 }';
    const given = await withRuntimeMistakes(async () => loadProgram(cut, "x/program.json")).catch(
      (error: unknown) => error,
    );
    expect((given as UserMistake).diagnostics[0]?.message).toBe(
      "`x/program.json` is damaged: it is no whole program: the program must have required property 'entry'",
    );
  });

  it("leaves our own bugs as they are", async () => {
    const ours = new OnnxRunFailed(new Error("not a graph"));
    expect(await outcome(ours)).toBe(ours);
  });
});
